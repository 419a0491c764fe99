import { z } from 'zod';
import type { AttemptLimiter, Limited } from './attempt-limits.ts';
import type { CommonPasswords } from './common-passwords.ts';
import { newPassword } from './credential-rules.ts';
import type { PasswordHashing } from './password-hashing.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

/** The current password has no rule but to be right: a rule of today may not lock out a password of yesterday. */
export function changePasswordInput(commonPasswords: CommonPasswords) {
  return z.object({ currentPassword: z.string(), newPassword: newPassword(commonPasswords) });
}

type ChangePasswordInput = z.output<ReturnType<typeof changePasswordInput>>;

export type ChangePasswordOutcome =
  | { kind: 'changed'; user: User }
  | { kind: 'invalidCredentials' }
  | { kind: 'unknownUser' }
  | Limited;

/**
 * Replaces the password if the current one is right, and still is when the new hash is stored, which ends every session
 * that is there by then. Whoever holds a stolen
 * token may not try passwords here more often than at a login.
 */
export function changePassword(
  { userId, address }: { userId: string; address: string },
  input: ChangePasswordInput,
  dependencies: ChangePasswordDependencies,
): Promise<ChangePasswordOutcome> {
  const attempt = { account: `user ${userId}`, address };
  return dependencies.limiter.checkPassword(attempt, () => replacePassword(userId, input, dependencies));
}

async function replacePassword(
  userId: string,
  input: ChangePasswordInput,
  { store, passwords, clock }: ChangePasswordDependencies,
): Promise<Exclude<ChangePasswordOutcome, Limited>> {
  const found = await store.findCredentialsById(userId);
  if (found === null) return { kind: 'unknownUser' };
  const isRight = await passwords.verify(found.passwordHash, input.currentPassword);
  if (!isRight) return { kind: 'invalidCredentials' };
  const next = await passwords.hash(input.newPassword);
  const isReplaced = await store.replacePasswordHash(userId, found.passwordHash, next, clock());
  return isReplaced ? { kind: 'changed', user: found.user } : { kind: 'invalidCredentials' };
}

interface ChangePasswordDependencies {
  store: Pick<UserStore, 'findCredentialsById' | 'replacePasswordHash'>;
  passwords: PasswordHashing;
  clock: () => Date;
  limiter: Pick<AttemptLimiter, 'checkPassword'>;
}
