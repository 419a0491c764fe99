import { createHash } from 'node:crypto';
import type { Attempts, Budget } from '@shop/shared/cache/attempts';
import { networkOf } from '@shop/shared/identity/client-address';

/** How much one client may try in `windowMs`. */
export interface AttemptLimits {
  /** Wrong passwords for one account from one address. */
  failuresPerAccount: number;
  /** Wrong passwords from one address, whatever the account: many people may share it. */
  failuresPerAddress: number;
  /** Attempts to register from one address: each may cost as much work as a login. */
  registrationsPerAddress: number;
}

export const defaultAttemptLimits: AttemptLimits = {
  failuresPerAccount: 10,
  failuresPerAddress: 100,
  registrationsPerAddress: 1_000,
};

const windowMs = 15 * 60_000;

export type Limited = { kind: 'limited'; retryAfterSeconds: number };

/** Whose password is tried, and from where. The account is what the client says it is, whether it exists or not. */
export interface Attempt {
  account: string;
  address: string;
}

/** Refuses those who try too often. Nobody can lock out somebody who comes from another address. */
export interface AttemptLimiter {
  /**
   * Takes a place for each attempt, before it is made: of many at once, no more are made than are left. If one finds
   * none, none of them may be made, and those that found one count as if they had failed.
   */
  reserve(attempts: readonly Attempt[]): Promise<Limited | null>;
  /** The outcome of a check that has its place. Only wrong passwords keep it. */
  settle<Outcome extends { kind: string }>(attempt: Attempt, check: () => Promise<Outcome>): Promise<Outcome>;
  /** Both, for a single attempt. */
  checkPassword<Outcome extends { kind: string }>(
    attempt: Attempt,
    check: () => Promise<Outcome>,
  ): Promise<Outcome | Limited>;
  /** Counts an attempt to register; null if there is room for it. */
  register(address: string): Promise<Limited | null>;
}

export function createAttemptLimiter(
  attempts: Attempts,
  { failuresPerAccount, failuresPerAddress, registrationsPerAddress }: AttemptLimits = defaultAttemptLimits,
): AttemptLimiter {
  async function take(...budgets: Budget[]): Promise<Limited | null> {
    const taken = await attempts.take(budgets);
    if (taken.kind === 'taken') return null;
    return { kind: 'limited', retryAfterSeconds: Math.max(1, Math.ceil(taken.retryAfterMs / 1000)) };
  }

  function budgetsOf({ account, address }: Attempt): [Budget, Budget] {
    const network = networkOf(address);
    return [
      { key: keyOf('account', network, account), limit: failuresPerAccount, windowMs },
      { key: keyOf('address', network), limit: failuresPerAddress, windowMs },
    ];
  }

  const limiter: AttemptLimiter = {
    async reserve(wanted) {
      // More than that, from one address, are too many whatever the accounts.
      const places = wanted.slice(0, failuresPerAddress + 1).map((attempt) => take(...budgetsOf(attempt)));
      return (await Promise.all(places)).find((limited) => limited !== null) ?? null;
    },
    async settle(attempt, check) {
      const [ofAccount, ofAddress] = budgetsOf(attempt);
      try {
        const outcome = await check();
        if (outcome.kind !== 'invalidCredentials') {
          await Promise.all([attempts.forget([ofAccount.key]), attempts.giveBack([ofAddress.key])]);
        }
        return outcome;
      } catch (error) {
        await attempts.giveBack([ofAccount.key, ofAddress.key]);
        throw error;
      }
    },
    checkPassword: async (attempt, check) =>
      (await limiter.reserve([attempt])) ?? limiter.settle(attempt, check),
    register: (address) =>
      take({ key: keyOf('register', networkOf(address)), limit: registrationsPerAddress, windowMs }),
  };
  return limiter;
}

/** As long for any name; and whoever reads the keys of Redis does not read there who logs in from where. */
function keyOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
