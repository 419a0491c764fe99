import { z } from 'zod';
import { password } from './credential-rules.ts';
import type { PasswordHashing } from './password-hashing.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

/** The current password has no rule but to be right: a rule of today may not lock out a password of yesterday. */
export const changePasswordInput = z.object({ currentPassword: z.string(), newPassword: password });

export type ChangePasswordOutcome =
  | { kind: 'changed'; user: User }
  | { kind: 'invalidCredentials' }
  | { kind: 'unknownUser' };

/** Replaces the password if the current one is right, and still is when the new hash is stored. */
export async function changePassword(
  userId: string,
  input: z.output<typeof changePasswordInput>,
  { store, passwords }: ChangePasswordDependencies,
): Promise<ChangePasswordOutcome> {
  const found = await store.findCredentialsById(userId);
  if (found === null) return { kind: 'unknownUser' };
  const isRight = await passwords.verify(found.passwordHash, input.currentPassword);
  if (!isRight) return { kind: 'invalidCredentials' };
  const next = await passwords.hash(input.newPassword);
  const isReplaced = await store.replacePasswordHash(userId, found.passwordHash, next);
  return isReplaced ? { kind: 'changed', user: found.user } : { kind: 'invalidCredentials' };
}

interface ChangePasswordDependencies {
  store: Pick<UserStore, 'findCredentialsById' | 'replacePasswordHash'>;
  passwords: PasswordHashing;
}
