import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisUrl } from '../../test/real-servers.ts';
import type { Attempts, Budget } from './attempts.ts';
import { openEmbeddedAttempts } from './embedded-attempts.ts';
import { openRedisAttempts } from './redis-attempts.ts';

const log = pino({ level: 'silent' });
const adapters: { name: string; open: () => Promise<Attempts> }[] = [
  { name: 'embedded', open: async () => openEmbeddedAttempts() },
];
if (redisUrl !== null) {
  const url = redisUrl;
  // A slow machine must not turn to the counts of its own here; the deadline has its own suite.
  const open = () =>
    openRedisAttempts({ url, prefix: `test-${randomUUID()}:`, log, deadlineMs: 5_000, connectWaitMs: 5_000 });
  adapters.push({ name: 'redis', open });
}

const windowMs = 60_000;
const budget = (key: string, limit: number): Budget => ({ key, limit, windowMs });

describe.each(adapters)('attempts: $name', ({ open }) => {
  let attempts: Attempts;
  beforeEach(async () => {
    attempts = await open();
  });
  afterEach(() => attempts.close());

  const kindOf = async (...budgets: Budget[]) => (await attempts.take(budgets)).kind;

  test('allows as many as the limit, and says when to come back', async () => {
    for (let n = 0; n < 3; n += 1) expect(await kindOf(budget('a', 3))).toBe('taken');
    const refused = await attempts.take([budget('a', 3)]);
    if (refused.kind !== 'limited') throw new Error('not limited');
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(windowMs);
    expect(await kindOf(budget('b', 3))).toBe('taken');
    expect(await kindOf(budget('a', 4))).toBe('taken');
  });

  test('of many at once no more pass than the limit', async () => {
    const kinds = await Promise.all(Array.from({ length: 50 }, () => kindOf(budget('a', 7))));
    expect(kinds.filter((kind) => kind === 'taken')).toHaveLength(7);
  });

  test('counts under every key or under none', async () => {
    expect(await kindOf(budget('narrow', 1), budget('wide', 3))).toBe('taken');
    for (let n = 0; n < 5; n += 1)
      expect(await kindOf(budget('narrow', 1), budget('wide', 3))).toBe('limited');
    for (let n = 0; n < 2; n += 1) expect(await kindOf(budget('wide', 3))).toBe('taken');
    expect(await kindOf(budget('wide', 3))).toBe('limited');
  });

  test('what is given back does not count, nor more than was taken', async () => {
    await kindOf(budget('a', 2), budget('b', 2));
    await attempts.giveBack(['a', 'b']);
    await attempts.giveBack(['a', 'never taken']);
    await attempts.giveBack([]);
    for (const expected of ['taken', 'taken', 'limited'])
      expect(await kindOf(budget('a', 2), budget('b', 2))).toBe(expected);
    await attempts.giveBack(['a']);
    expect(await kindOf(budget('a', 2))).toBe('taken');
    expect(await kindOf(budget('b', 2))).toBe('limited');
  });

  test('what is forgotten begins anew, and nothing else does', async () => {
    await kindOf(budget('a', 1), budget('b', 1), budget('c', 1));
    await attempts.forget(['a', 'b', 'unknown']);
    await attempts.forget([]);
    for (const key of ['a', 'b']) {
      expect(await kindOf(budget(key, 1))).toBe('taken');
      expect(await kindOf(budget(key, 1))).toBe('limited');
    }
    expect(await kindOf(budget('c', 1))).toBe('limited');
  });

  test('a window opens with its first attempt, and no later one prolongs it', async () => {
    const short = { key: 'a', limit: 2, windowMs: 300 };
    const openedAtMs = performance.now();
    await attempts.take([short]);
    await sleep(100);
    await attempts.take([short]);
    while ((await kindOf(short)) === 'limited') await sleep(20);
    expect(performance.now() - openedAtMs).toBeGreaterThanOrEqual(280);
    // A new window has begun, with one attempt.
    expect(await kindOf({ ...short, windowMs })).toBe('taken');
    expect(await kindOf(short)).toBe('limited');
  });

  test('closed, it counts nothing and limits nobody', async () => {
    expect(attempts.isHealthy()).toBe(true);
    await kindOf(budget('a', 1));
    await attempts.close();
    await attempts.close();
    expect(attempts.isHealthy()).toBe(false);
    expect(await kindOf(budget('a', 1))).toBe('taken');
    expect(await kindOf(budget('a', 1))).toBe('taken');
    await attempts.giveBack(['a']);
    await attempts.forget(['a']);
  });
});

test('embedded: past its bound, what was counted longest ago is forgotten', async () => {
  const attempts = openEmbeddedAttempts({ maxKeys: 3 });
  for (const key of ['a', 'b', 'c', 'd']) await attempts.take([budget(key, 1)]);
  expect((await attempts.take([budget('d', 1)])).kind).toBe('limited');
  expect((await attempts.take([budget('a', 1)])).kind).toBe('taken');
});
