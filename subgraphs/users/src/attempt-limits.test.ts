import type { Attempts } from '@shop/shared/cache/attempts';
import { openEmbeddedAttempts } from '@shop/shared/cache/embedded-attempts';
import { beforeEach, expect, test } from 'vitest';
import { type AttemptLimiter, createAttemptLimiter } from './attempt-limits.ts';

const limits = { failuresPerAccount: 3, failuresPerAddress: 5, registrationsPerAddress: 2 };
const home = '192.0.2.1';

let nowMs: number;
let limiter: AttemptLimiter;
beforeEach(() => {
  nowMs = 0;
  limiter = createAttemptLimiter(openEmbeddedAttempts({ nowMs: () => nowMs }), limits);
});

async function tryOn(account: string, { address = home, outcome = 'invalidCredentials' } = {}) {
  return (await limiter.checkPassword({ account, address }, async () => ({ kind: outcome }))).kind;
}

async function failuresOn(account: string, address = home): Promise<number> {
  let failures = 0;
  while ((await tryOn(account, { address })) === 'invalidCredentials') failures += 1;
  return failures;
}

test('so many failures for an account from an address, and the check is no longer made', async () => {
  expect(await failuresOn('ann')).toBe(3);
  let checks = 0;
  const refused = await limiter.checkPassword({ account: 'ann', address: home }, async () => {
    checks += 1;
    return { kind: 'loggedIn' };
  });
  expect(refused).toEqual({ kind: 'limited', retryAfterSeconds: 15 * 60 });
  expect(checks).toBe(0);
});

test('the account can still be logged in to from elsewhere, and others from there', async () => {
  await failuresOn('ann');
  expect(await tryOn('ann', { address: '192.0.2.2', outcome: 'loggedIn' })).toBe('loggedIn');
  expect(await tryOn('bob', { outcome: 'loggedIn' })).toBe('loggedIn');
});

test('so many failures from an address, whatever the accounts, counting a /64 of IPv6 as one', async () => {
  const outcomes = [];
  for (let n = 0; n < 7; n += 1) outcomes.push(await tryOn(`user ${n}`, { address: `2001:db8::${n}` }));
  expect(outcomes.filter((kind) => kind === 'limited')).toHaveLength(2);
  expect(await tryOn('user 0', { address: '2001:db8:0:1::1' })).toBe('invalidCredentials');
});

test('a success forgets the failures of its account, and none of the address', async () => {
  for (let round = 0; round < 2; round += 1) {
    for (let n = 0; n < 2; n += 1) expect(await tryOn('ann')).toBe('invalidCredentials');
    for (let n = 0; n < 9; n += 1) expect(await tryOn('ann', { outcome: 'loggedIn' })).toBe('loggedIn');
  }
  expect(await failuresOn('bob')).toBe(1);
});

test('what could not be checked does not count', async () => {
  for (let n = 0; n < 9; n += 1) {
    const failing = limiter.checkPassword({ account: 'ann', address: home }, () =>
      Promise.reject(new Error('away')),
    );
    await expect(failing).rejects.toThrow('away');
  }
  expect(await failuresOn('ann')).toBe(3);
});

test('of many at once no more are checked than are left', async () => {
  let checks = 0;
  const slow = async () => {
    checks += 1;
    await new Promise(setImmediate);
    return { kind: 'invalidCredentials' };
  };
  await Promise.all(
    Array.from({ length: 50 }, () => limiter.checkPassword({ account: 'ann', address: home }, slow)),
  );
  expect(checks).toBe(3);
});

test('after a quarter of an hour all is forgotten', async () => {
  await failuresOn('ann');
  nowMs = 15 * 60_000 - 1;
  const late = await limiter.checkPassword({ account: 'ann', address: home }, async () => ({ kind: 'x' }));
  expect(late).toEqual({ kind: 'limited', retryAfterSeconds: 1 });
  nowMs += 1;
  expect(await failuresOn('ann')).toBe(3);
});

test('registrations have a limit of their own', async () => {
  for (let n = 0; n < 2; n += 1) expect(await limiter.register(home)).toBeNull();
  expect(await limiter.register(home)).toEqual({ kind: 'limited', retryAfterSeconds: 15 * 60 });
  expect(await limiter.register('192.0.2.2')).toBeNull();
  expect(await failuresOn('ann')).toBe(3);
});

test('the keys have one length and tell of nobody', async () => {
  const keys: string[] = [];
  const open = openEmbeddedAttempts();
  const noting: Attempts = {
    ...open,
    take(budgets) {
      keys.push(...budgets.map(({ key }) => key));
      return open.take(budgets);
    },
  };
  limiter = createAttemptLimiter(noting, limits);
  for (const account of ['ann', 'x'.repeat(100_000)]) await tryOn(account);
  await limiter.register(home);
  for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
  expect(new Set(keys).size).toBe(4);
});
