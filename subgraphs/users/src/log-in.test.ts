import { UnavailableError } from '@shop/shared/unavailable';
import { expect, test } from 'vitest';
import { logIn } from './log-in.ts';

const user = { _id: 'id-1', username: 'Ann', createdAt: new Date(0) };

/** Logs in where only `ann` exists; tells which hashes were checked, too. */
async function logInAs(username: string, password: string, { outdated = false, away = false } = {}) {
  const replaced: unknown[][] = [];
  const checked: (string | null)[] = [];
  const lookedUp: string[] = [];
  const outcome = await logIn(
    { username, password },
    {
      store: {
        findCredentials: async (key) => {
          lookedUp.push(key);
          return key === 'ann' ? { user, passwordHash: 'the hash' } : null;
        },
        replacePasswordHash: async (...change) => {
          replaced.push(change);
          return true;
        },
      },
      passwords: {
        isOutdated: () => outdated,
        hash: async (given) => {
          if (away) throw new UnavailableError('too many passwords are being hashed');
          return `hash of ${given}`;
        },
        verify: async (hash, given) => {
          checked.push(hash);
          return hash !== null && given === 'right';
        },
      },
    },
  );
  return { outcome, checked, lookedUp, replaced };
}

test('the right password logs in', async () => {
  expect((await logInAs('ANN', 'right')).outcome).toEqual({ kind: 'loggedIn', user });
});

test.each([
  ['a wrong password', 'ann', 'the hash'],
  ['an unknown name', 'bob', null],
  ['a name that nobody can have', 'no such name!', null],
])('%s is refused after the work of one check', async (_, username, hash) => {
  const { outcome, checked } = await logInAs(username, 'wrong');
  expect(outcome).toEqual({ kind: 'invalidCredentials' });
  expect(checked).toEqual([hash]);
});

test('a name that nobody can have is not looked up', async () => {
  expect((await logInAs('Ann', 'wrong')).lookedUp).toEqual(['ann']);
  expect((await logInAs('no such name!', 'wrong')).lookedUp).toEqual([]);
});

test('a hash of other parameters is replaced once the password is known, and no other hash', async () => {
  const { outcome, replaced } = await logInAs('ann', 'right', { outdated: true });
  expect(outcome).toEqual({ kind: 'loggedIn', user });
  expect(replaced).toEqual([['id-1', 'the hash', 'hash of right']]);
  expect((await logInAs('ann', 'wrong', { outdated: true })).replaced).toEqual([]);
  expect((await logInAs('ann', 'right')).replaced).toEqual([]);
});

test('a hash that cannot be replaced now keeps nobody out', async () => {
  const { outcome, replaced } = await logInAs('ann', 'right', { outdated: true, away: true });
  expect(outcome).toEqual({ kind: 'loggedIn', user });
  expect(replaced).toEqual([]);
});
