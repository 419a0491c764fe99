import type { ChildProcess } from 'node:child_process';
import { pino } from 'pino';
import { createClient } from 'redis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePort, killRedis, patience, startRedis } from '../../test/own-redis.ts';
import { redisUrl } from '../../test/real-servers.ts';
import { openTextCache } from './open-text-cache.ts';
import { openRedisTextCache } from './redis-text-cache.ts';
import { sha256Of, type TextCache } from './text-cache.ts';

const log = pino({ level: 'silent' });
const limits = { ttlMs: 60_000, maxTexts: 10, maxLength: 1_000 };
const hash = sha256Of('{ a }');

test('no Redis at all: texts are kept in this process alone, and nothing waits', async () => {
  const redisUrl = `redis://127.0.0.1:${await freePort()}`;
  const cache = await openTextCache({ ...limits, redisUrl, prefix: 'test:', log });
  expect(cache.isHealthy()).toBe(false);
  expect(await cache.find(hash)).toBeNull();
  expect(await cache.keep('{ a }')).toBe(true);
  expect(await cache.find(hash)).toBe('{ a }');
  await cache.close();
});

/** Each needs a server of its own, to freeze and to kill. */
function onOwnRedis(): void {
  let url: string;
  let port: number;
  let server: ChildProcess;
  let caches: TextCache[];

  beforeEach(async () => {
    port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    caches = [];
    server = await startRedis(port);
  });
  afterEach(async () => {
    await killRedis(server);
    for (const cache of caches) await cache.close();
  });

  const opened = async (opening: Promise<TextCache>): Promise<TextCache> => {
    const cache = await opening;
    caches.push(cache);
    return cache;
  };
  const openFar = () => opened(openRedisTextCache({ ...limits, url, prefix: 'test:', log, deadlineMs: 300 }));
  const healthy = (cache: TextCache) => vi.waitFor(() => expect(cache.isHealthy()).toBe(true), patience);

  test('what one process keeps, another finds, until Redis forgets it', async () => {
    const [one, other] = [await openFar(), await openFar()];
    await one.keep('{ a }');
    expect(await other.find(hash)).toBe('{ a }');
    const client = await createClient({ url }).connect();
    const expiresInMs = await client.pTTL('test:newer');
    expect(expiresInMs).toBeGreaterThan(0);
    expect(expiresInMs).toBeLessThanOrEqual(limits.ttlMs);
    await client.flushAll();
    client.destroy();
    expect(await other.find(hash)).toBeNull();
  });

  test('frozen: one call waits for the deadline, the others not at all; then it is used again', async () => {
    const cache = await openFar();
    await cache.keep('{ a }');
    server.kill('SIGSTOP');
    expect(await cache.find(hash)).toBeNull();
    const startMs = performance.now();
    for (let i = 0; i < 200; i += 1) {
      expect(await cache.find(hash)).toBeNull();
      expect(await cache.keep('{ b }')).toBe(false);
    }
    // With room for a slow machine: 400 calls behind the open circuit against 300 ms for a single one.
    expect(performance.now() - startMs).toBeLessThan(400 * 30);
    server.kill('SIGCONT');
    await healthy(cache);
    expect(await cache.find(hash)).toBe('{ a }');
  });

  test('killed: what this process has seen is still there, the rest is brought again', async () => {
    const cache = await opened(openTextCache({ ...limits, redisUrl: url, prefix: 'test:', log }));
    const other = await openFar();
    await vi.waitFor(async () => expect(await cache.keep('{ a }')).toBe(true), patience);
    await healthy(other);
    await other.keep('{ b }');
    await killRedis(server);
    expect(await cache.find(hash)).toBe('{ a }');
    expect(await cache.find(sha256Of('{ b }'))).toBeNull();
    server = await startRedis(port);
    await healthy(other);
    expect(await other.find(hash)).toBeNull();
    expect(await other.keep('{ a }')).toBe(true);
    expect(await other.find(hash)).toBe('{ a }');
  });

  test('a text that is not of its key is not found', async () => {
    const cache = await openFar();
    const client = await createClient({ url }).connect();
    await client.hSet('test:newer', hash, 'mutation { deleteEverything }');
    client.destroy();
    expect(await cache.find(hash)).toBeNull();
  });
}

if (redisUrl !== null) describe('a Redis of its own', onOwnRedis);
