import { availableParallelism } from 'node:os';
import { UnavailableError } from '@shop/shared/unavailable';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import { passwordBytes } from './credential-rules.ts';

/** Hashes passwords and checks them; both reject with UnavailableError while too many wait already. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  /** Null, for a user who does not exist, costs the same work and is false. */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
  /** Whether the hash was made with other parameters than those of today. */
  isOutdated(passwordHash: string): boolean;
}

// argon2id with 19 MiB, two passes and one lane, the first choice of OWASP's Password Storage Cheat Sheet:
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
const argon2Options = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

// The hash of 32 random bytes that nobody kept, made with the options above: what an unknown user is checked against.
export const dummyHash =
  '$argon2id$v=19$m=19456,p=1,t=2$htlfTcmq4t4SvZuekAKGGw$FsPY1ChwB8Y6jtKLktYPvPuoYoPhppfHgYaFDJ568Z0';

// Hashing runs on libuv's threads, four by default, which also sign tokens and resolve names: one stays free.
const defaultMaxRunning = Math.min(availableParallelism(), 3);
// Each takes some 25 ms, so that the last in the queue waits for less than a second.
const defaultMaxWaiting = defaultMaxRunning * 32;

/** At most `maxRunning` hashes at once (19 MiB of memory each), at most `maxWaiting` behind them, in order. */
export function createPasswordHashing(
  limits: { maxRunning?: number; maxWaiting?: number } = {},
): PasswordHashing {
  const { maxRunning = defaultMaxRunning, maxWaiting = defaultMaxWaiting } = limits;
  const limited = createLimit(maxRunning, maxWaiting);
  return {
    hash: (password) => limited(() => hash(passwordBytes(password), argon2Options)),
    verify: (passwordHash, password) =>
      limited(async () => {
        const isRight = await verify(passwordHash ?? dummyHash, passwordBytes(password));
        return isRight && passwordHash !== null;
      }),
    isOutdated: (passwordHash) =>
      !passwordHash.startsWith('$argon2id$') || needsRehash(passwordHash, argon2Options),
  };
}

function createLimit(maxRunning: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running < maxRunning) running++;
    else if (waiting.length >= maxWaiting) throw new UnavailableError('too many passwords are being hashed');
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line: `running` stays, so nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
