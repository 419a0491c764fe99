import type { Attempt } from './attempt-limits.ts';
import { usernameKeyOf } from './credential-rules.ts';
import type { PasswordHashing } from './password-hashing.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export type LogInOutcome = { kind: 'loggedIn'; user: User } | { kind: 'invalidCredentials' };

/** What a login counts as, whether the user exists or not: neither shall the limits tell. */
export function loginAttempt(username: string, address: string): Attempt {
  return { account: `username ${username.toLowerCase()}`, address };
}

/** Checks a password. An unknown username costs the same work, so the time taken does not tell who exists. */
export async function logIn(
  input: { username: string; password: string },
  { store, passwords }: LogInDependencies,
): Promise<LogInOutcome> {
  const usernameKey = usernameKeyOf(input.username);
  const found = usernameKey === null ? null : await store.findCredentials(usernameKey);
  const isRight = await passwords.verify(found?.passwordHash ?? null, input.password);
  return found !== null && isRight ? { kind: 'loggedIn', user: found.user } : { kind: 'invalidCredentials' };
}

interface LogInDependencies {
  store: Pick<UserStore, 'findCredentials'>;
  passwords: Pick<PasswordHashing, 'verify'>;
}
