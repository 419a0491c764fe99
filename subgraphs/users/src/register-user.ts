import { z } from 'zod';
import { password, username } from './credential-rules.ts';
import type { PasswordHashing } from './password-hashing.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export const registerUserInput = z.object(
  { username, password },
  'is required: an object with username and password',
);

export type RegisterUserOutcome = { kind: 'registered'; user: User } | { kind: 'usernameTaken' };

/** Stores a new user. The look-up only saves the work of hashing; the store decides races. */
export async function registerUser(
  input: z.output<typeof registerUserInput>,
  { store, passwords, clock, newId }: RegisterUserDependencies,
): Promise<RegisterUserOutcome> {
  const usernameKey = input.username.toLowerCase();
  if (await store.isTaken(usernameKey)) return { kind: 'usernameTaken' };
  const passwordHash = await passwords.hash(input.password);
  const user: User = { _id: newId(), username: input.username, createdAt: clock() };
  const outcome = await store.insert({ ...user, usernameKey, passwordHash });
  return outcome === 'inserted' ? { kind: 'registered', user } : { kind: 'usernameTaken' };
}

interface RegisterUserDependencies {
  store: Pick<UserStore, 'isTaken' | 'insert'>;
  passwords: Pick<PasswordHashing, 'hash'>;
  clock: () => Date;
  newId: () => string;
}
