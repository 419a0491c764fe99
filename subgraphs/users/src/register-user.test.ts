import { openEmbeddedAttempts } from '@shop/shared/cache/embedded-attempts';
import { expect, test } from 'vitest';
import { createAttemptLimiter } from './attempt-limits.ts';
import { registerUser } from './register-user.ts';
import type { UserDoc } from './user.ts';

const input = { username: 'Ann', password: 'correct horse', address: '192.0.2.1' };
const createdAt = new Date(0);

/** Registers over a store that answers like this; tells what was hashed and stored. */
async function registerWith(store: { isTaken: boolean; insert: 'inserted' | 'taken' }) {
  const stored: UserDoc[] = [];
  const hashed: string[] = [];
  const outcome = await registerUser(input, {
    store: {
      isTaken: async () => store.isTaken,
      insert: async (user) => {
        stored.push(user);
        return store.insert;
      },
    },
    limiter: createAttemptLimiter(openEmbeddedAttempts()),
    passwords: {
      hash: async (password) => {
        hashed.push(password);
        return 'the hash';
      },
    },
    clock: () => createdAt,
    newId: () => 'id-1',
  });
  return { outcome, stored, hashed };
}

test('stores the hash, and tells of a user without it', async () => {
  const { outcome, stored, hashed } = await registerWith({ isTaken: false, insert: 'inserted' });
  const user = { _id: 'id-1', username: 'Ann', createdAt };
  expect(outcome).toEqual({ kind: 'registered', user });
  expect(stored).toEqual([{ ...user, usernameKey: 'ann', passwordHash: 'the hash' }]);
  expect(hashed).toEqual(['correct horse']);
});

test('a name that is taken costs no hashing', async () => {
  const { outcome, hashed } = await registerWith({ isTaken: true, insert: 'taken' });
  expect(outcome).toEqual({ kind: 'usernameTaken' });
  expect(hashed).toEqual([]);
});

test('the store decides a race that the look-up has not seen', async () => {
  const { outcome } = await registerWith({ isTaken: false, insert: 'taken' });
  expect(outcome).toEqual({ kind: 'usernameTaken' });
});
