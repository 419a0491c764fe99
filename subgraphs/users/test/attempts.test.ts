import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRedisAttempts } from '../../shared/src/cache/redis-attempts.ts';
import { type Answer, ask, codeOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import { freePort } from '../../shared/test/own-redis.ts';
import {
  goodPassword,
  openUsers,
  register,
  startUsers,
  tryToChangePassword,
  tryToLogIn,
  tryToRegister,
} from './users-under-test.ts';

let checks: number;
let users: SubgraphUnderTest;

/** What a password is checked with here costs no time, and is counted. */
const passwords = {
  isOutdated: () => false,
  hash: async (password: string) => `hash of ${password}`,
  verify: async (hash: string | null, password: string) => {
    checks += 1;
    return hash === `hash of ${password}`;
  },
};

beforeEach(async () => {
  checks = 0;
  users = await openUsers(stores[0]!, { passwords });
  await register(users, 'ann');
});
afterEach(() => users.remove());

/** One document that tries to log in so often. */
async function logInOften(times: number, toName: (n: number) => string, address?: string): Promise<Answer> {
  const fields = Array.from(
    { length: times },
    (_, n) => `a${n}: login(input: { username: "${toName(n)}", password: "wrong" }) { access_token }`,
  );
  const response = await fetch(`${users.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(address && { 'x-client-address': address }) },
    body: JSON.stringify({ query: `mutation { ${fields.join('\n')} }` }),
  });
  return (await response.json()) as Answer;
}

async function codesOfLogins(users: Subgraph, times: number, username: string) {
  const codes = [];
  for (let n = 0; n < times; n += 1) codes.push(codeOf(await tryToLogIn(users, username, 'wrong')));
  return codes;
}

test.each(['ann', 'nobody', 'no name at all!'])(
  'the eleventh wrong password for %s is RATE_LIMITED, with the time to wait, and is not checked',
  async (username) => {
    const codes = await codesOfLogins(users, 12, username);
    expect(codes).toEqual([
      ...Array.from({ length: 10 }, () => 'INVALID_CREDENTIALS'),
      'RATE_LIMITED',
      'RATE_LIMITED',
    ]);
    expect(checks).toBe(10);
    const refused = await tryToLogIn(users, username.toUpperCase(), goodPassword);
    expect(codeOf(refused)).toBe('RATE_LIMITED');
    const { retryAfterSeconds } = refused.errors![0]!.extensions;
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
    expect(refused.errors![0]!.message).not.toContain(username);
  },
);

test('logging in forgets the failures before it', async () => {
  for (let round = 0; round < 3; round += 1) {
    await codesOfLogins(users, 9, 'ann');
    expect(codeOf(await tryToLogIn(users, 'ann', goodPassword))).toBeUndefined();
  }
});

test('1,000 attempts in one document are limited as 1,000', async () => {
  const one = { address: '192.0.2.1', toName: () => 'ann', isNextLimited: (name: string) => name === 'ann' };
  const many = { address: '192.0.2.2', toName: (n: number) => `user${n}`, isNextLimited: () => true };
  for (const { address, toName, isNextLimited } of [one, many]) {
    expect(codeOf(await logInOften(1_000, toName, address))).toBe('RATE_LIMITED');
    expect(checks).toBe(0);
    for (const name of ['ann', 'somebody']) {
      const next = codeOf(await logInOften(1, () => name, address));
      expect(next).toBe(isNextLimited(name) ? 'RATE_LIMITED' : 'INVALID_CREDENTIALS');
    }
    checks = 0;
  }
});

test('several logins in one document count each, and run if there is room for all', async () => {
  expect(codeOf(await logInOften(6, () => 'ann'))).toBe('INVALID_CREDENTIALS');
  expect(codeOf(await logInOften(6, () => 'ann'))).toBe('RATE_LIMITED');
  expect(checks).toBe(1);
  const bothRight = `mutation { ${['a', 'b'].map((alias) => `${alias}: login(input: { username: "bob", password: "${goodPassword}" }) { user { username } }`).join(' ')} }`;
  await register(users, 'bob');
  const bob = { user: { username: 'bob' } };
  for (let round = 0; round < 12; round += 1) {
    expect((await ask(users, bothRight)).data).toEqual({ a: bob, b: bob });
  }
});

test('whoever comes from another address is not kept out; a client cannot choose an address that is none', async () => {
  await logInOften(20, () => 'ann', '192.0.2.1');
  expect(codeOf(await tryToLogIn(users, 'ann', goodPassword))).toBeUndefined();
  checks = 0;
  const codes = [];
  for (let n = 0; n < 11; n += 1) codes.push(codeOf(await logInOften(1, () => 'ann', `made up ${n}`)));
  expect(codes.slice(-2)).toEqual(['INVALID_CREDENTIALS', 'RATE_LIMITED']);
});

test('the current password cannot be guessed by changePassword either', async () => {
  const { access_token: user } = await register(users, 'bob');
  const codes = [];
  for (let n = 0; n < 11; n += 1) {
    codes.push(codeOf(await tryToChangePassword(users, 'wrong', 'another horse', { user })));
  }
  expect(codes.slice(-2)).toEqual(['INVALID_CREDENTIALS', 'RATE_LIMITED']);
  expect(codeOf(await tryToChangePassword(users, goodPassword, 'another horse', { user }))).toBe(
    'RATE_LIMITED',
  );
});

test('registrations from an address are bounded, also those that find the name taken', async () => {
  const limits = { failuresPerAccount: 10, failuresPerAddress: 100, registrationsPerAddress: 2 };
  const strict = await startUsers(users.documents, { passwords, attemptLimits: limits });
  const codes = [];
  for (const username of ['ann', 'bob', 'carl', 'ann']) {
    codes.push(codeOf(await tryToRegister(strict, { username, password: goodPassword })));
  }
  expect(codes).toEqual(['USERNAME_TAKEN', undefined, 'RATE_LIMITED', 'RATE_LIMITED']);
  expect(codeOf(await ask(strict, '{ users { username } }'))).toBeUndefined();
  await strict.close();
});

test('without its Redis, Users counts in its process', async () => {
  const attempts = await openRedisAttempts({
    url: `redis://127.0.0.1:${await freePort()}`,
    prefix: 'test:',
    log: silentLog,
    connectWaitMs: 0,
  });
  const alone = await startUsers(users.documents, { passwords, attempts });
  expect((await codesOfLogins(alone, 11, 'ann')).slice(-2)).toEqual(['INVALID_CREDENTIALS', 'RATE_LIMITED']);
  await alone.close();
  await attempts.close();
});
