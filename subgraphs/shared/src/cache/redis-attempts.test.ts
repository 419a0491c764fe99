import type { ChildProcess } from 'node:child_process';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePort, killRedis, patience, startRedis } from '../../test/own-redis.ts';
import { redisUrl } from '../../test/real-servers.ts';
import type { Attempts } from './attempts.ts';
import { openAttempts } from './open-attempts.ts';
import { openRedisAttempts } from './redis-attempts.ts';

const log = pino({ level: 'silent' });
const three = [{ key: 'a', limit: 3, windowMs: 60_000 }];

/** How many of ten attempts are allowed. */
async function allowedOf(attempts: Attempts): Promise<number> {
  let allowed = 0;
  for (let n = 0; n < 10; n += 1) if ((await attempts.take(three)).kind === 'taken') allowed += 1;
  return allowed;
}

test('no Redis at all: this process counts, and nothing waits or fails', async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const attempts = await openAttempts({ redisUrl: url, prefix: 'test:', log });
  expect(attempts.isHealthy()).toBe(false);
  expect(await allowedOf(attempts)).toBe(3);
  await attempts.giveBack(['a']);
  expect(await allowedOf(attempts)).toBe(1);
  await attempts.forget(['a']);
  expect(await allowedOf(attempts)).toBe(3);
  await attempts.close();
});

/** Each needs a server of its own, to freeze and to kill. */
function onOwnRedis(): void {
  let url: string;
  let port: number;
  let server: ChildProcess;
  let opened: Attempts[];

  beforeEach(async () => {
    port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    opened = [];
    server = await startRedis(port);
  });
  afterEach(async () => {
    await killRedis(server);
    for (const attempts of opened) await attempts.close();
  });

  async function open(): Promise<Attempts> {
    const attempts = await openRedisAttempts({ url, prefix: 'test:', log, deadlineMs: 300 });
    opened.push(attempts);
    await vi.waitFor(() => expect(attempts.isHealthy()).toBe(true), patience);
    return attempts;
  }

  test('processes count together', async () => {
    const [one, other] = [await open(), await open()];
    await one.take(three);
    await other.take(three);
    await one.take(three);
    expect((await other.take(three)).kind).toBe('limited');
    await other.forget(['a']);
    expect(await allowedOf(one)).toBe(3);
  });

  test('frozen: one attempt waits for the deadline, the others not at all, and the limit still holds', async () => {
    const attempts = await open();
    await attempts.take(three);
    server.kill('SIGSTOP');
    expect(await allowedOf(attempts)).toBe(2);
    const startMs = performance.now();
    for (let n = 0; n < 200; n += 1) {
      expect((await attempts.take(three)).kind).toBe('limited');
      await attempts.giveBack(['another']);
    }
    // With room for a slow machine: 400 calls behind the open circuit against 300 ms for a single one.
    expect(performance.now() - startMs).toBeLessThan(400 * 30);
    server.kill('SIGCONT');
    await vi.waitFor(() => expect(attempts.isHealthy()).toBe(true), patience);
    await attempts.forget(['a']);
    expect(await allowedOf(attempts)).toBe(3);
  });

  test('killed and back: who was at the limit stays there meanwhile, and Redis counts again', async () => {
    const attempts = await open();
    const other = await open();
    expect(await allowedOf(attempts)).toBe(3);
    await killRedis(server);
    await vi.waitFor(() => expect(attempts.isHealthy()).toBe(false), patience);
    expect(await allowedOf(attempts)).toBe(0);
    server = await startRedis(port);
    for (const each of [attempts, other])
      await vi.waitFor(() => expect(each.isHealthy()).toBe(true), patience);
    expect((await allowedOf(attempts)) + (await allowedOf(other))).toBe(3);
  });
}

if (redisUrl !== null) describe('a Redis of its own', onOwnRedis);
