import { UnavailableError } from '@shop/shared/unavailable';
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
  dependencies: LogInDependencies,
): Promise<LogInOutcome> {
  const { store, passwords } = dependencies;
  const usernameKey = usernameKeyOf(input.username);
  const found = usernameKey === null ? null : await store.findCredentials(usernameKey);
  const isRight = await passwords.verify(found?.passwordHash ?? null, input.password);
  if (found === null || !isRight) return { kind: 'invalidCredentials' };
  if (passwords.isOutdated(found.passwordHash)) await renewHash(found, input.password, dependencies);
  return { kind: 'loggedIn', user: found.user };
}

/**
 * Only now is the password here to be hashed anew. The hash that was checked is replaced and no other, so a change of the
 * password at the same time wins; and whether it can be replaced now is no matter of who logs in.
 */
async function renewHash(
  { user, passwordHash }: { user: User; passwordHash: string },
  password: string,
  { store, passwords }: LogInDependencies,
): Promise<void> {
  try {
    await store.replacePasswordHash(user._id, passwordHash, await passwords.hash(password));
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
  }
}

interface LogInDependencies {
  store: Pick<UserStore, 'findCredentials' | 'replacePasswordHash'>;
  passwords: PasswordHashing;
}
