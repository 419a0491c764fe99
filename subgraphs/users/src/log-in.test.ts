import { expect, test } from 'vitest';
import { logIn } from './log-in.ts';

const user = { _id: 'id-1', username: 'Ann', createdAt: new Date(0) };

/** Logs in where only `ann` exists; tells which hashes were checked, too. */
async function logInAs(username: string, password: string) {
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
      },
      passwords: {
        verify: async (hash, given) => {
          checked.push(hash);
          return hash !== null && given === 'right';
        },
      },
    },
  );
  return { outcome, checked, lookedUp };
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
