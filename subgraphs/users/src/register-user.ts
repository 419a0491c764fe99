import { z } from 'zod';
import type { AttemptLimiter, Limited } from './attempt-limits.ts';
import type { CommonPasswords } from './common-passwords.ts';
import { newPassword, username } from './credential-rules.ts';
import type { PasswordHashing } from './password-hashing.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export function registerUserInput(commonPasswords: CommonPasswords) {
  return z.object(
    { username, password: newPassword(commonPasswords) },
    'is required: an object with username and password',
  );
}

export type RegisterUserOutcome = { kind: 'registered'; user: User } | { kind: 'usernameTaken' } | Limited;

/**
 * Stores a new user. Every attempt from the address counts, also one that finds the name taken: else it could be asked who
 * exists as often as one likes. The look-up only saves the work of hashing; the store decides races.
 */
export async function registerUser(
  { address, ...input }: z.output<ReturnType<typeof registerUserInput>> & { address: string },
  { store, passwords, limiter, clock, newId }: RegisterUserDependencies,
): Promise<RegisterUserOutcome> {
  const limited = await limiter.register(address);
  if (limited) return limited;
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
  limiter: Pick<AttemptLimiter, 'register'>;
  clock: () => Date;
  newId: () => string;
}
