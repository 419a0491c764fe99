import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePort, killRedis, patience, startRedis } from '../../test/own-redis.ts';
import { redisUrl } from '../../test/real-servers.ts';
import type { Cache } from './port.ts';
import { openRedisCache } from './redis-cache.ts';

async function timed<T>(call: () => Promise<T>): Promise<{ value: T; tookMs: number }> {
  const startMs = performance.now();
  const value = await call();
  return { value, tookMs: performance.now() - startMs };
}

test('no Redis at all: opening and every call do without, and it is said once', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line).msg) });
  const url = `redis://127.0.0.1:${await freePort()}`;
  const cache = await openRedisCache({ url, prefix: 'test:', log, connectWaitMs: 200 });
  expect(await cache.get('a', 'x')).toEqual({ kind: 'miss', token: null });
  expect(await cache.set('a', 'x', 'token', { value: '1', ttlMs: 60_000 })).toBe(false);
  await cache.invalidate(['a']);
  expect(cache.isHealthy()).toBe(false);
  await cache.close();
  expect(lines).toHaveLength(1);
});

/** Each needs a server of its own, to freeze and to kill. */
function whileRedisFails(): void {
  let port: number;
  let server: ChildProcess;
  let lines: string[];
  let caches: Cache[];
  const away = { kind: 'miss', token: null };

  beforeEach(async () => {
    port = await freePort();
    server = await startRedis(port);
    lines = [];
    caches = [];
  });
  afterEach(async () => {
    await killRedis(server);
    for (const cache of caches) await cache.close();
  });

  async function open(options: { deadlineMs?: number; maxDirtyScopes?: number } = {}): Promise<Cache> {
    const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line).msg) });
    const url = `redis://127.0.0.1:${port}`;
    const cache = await openRedisCache({ url, prefix: 'test:', log, deadlineMs: 300, ...options });
    caches.push(cache);
    return cache;
  }

  async function store(cache: Cache, scope: string, value: string): Promise<boolean> {
    const found = await cache.get(scope, 'x');
    return found.kind === 'miss' && cache.set(scope, 'x', found.token ?? '', { value, ttlMs: 60_000 });
  }

  const healthy = (cache: Cache) => vi.waitFor(() => expect(cache.isHealthy()).toBe(true), patience);

  test('frozen: the first read waits for the deadline, the others not at all; then it is used again', async () => {
    const cache = await open();
    await store(cache, 'a', '1');
    server.kill('SIGSTOP');
    const first = await Promise.all(Array.from({ length: 20 }, () => timed(() => cache.get('a', 'x'))));
    for (const { value } of first) expect(value).toEqual(away);
    expect(cache.isHealthy()).toBe(false);
    // Bounds with room for a slow machine: 500 reads behind the open circuit against one deadline of 300 ms.
    const { tookMs } = await timed(async () => {
      for (let i = 0; i < 500; i += 1) expect(await cache.get('a', 'x')).toEqual(away);
    });
    expect(tookMs).toBeLessThan(500 * 30);
    server.kill('SIGCONT');
    await healthy(cache);
    expect(await cache.get('a', 'x')).toEqual({ kind: 'hit', value: '1' });
    expect(lines.filter((line) => line.includes('reading past'))).toHaveLength(1);
  });

  test('frozen for long: the silent connection is given up for a new one', async () => {
    const cache = await open({ deadlineMs: 100 });
    server.kill('SIGSTOP');
    await cache.invalidate(['a']);
    await sleep(6_000);
    server.kill('SIGCONT');
    await healthy(cache);
    expect(await store(cache, 'a', '1')).toBe(true);
  });

  test('frozen during an invalidation: nobody reads the old value once it answers again', async () => {
    const [cache, other] = [await open(), await open()];
    await store(cache, 'a', 'old');
    server.kill('SIGSTOP');
    await cache.invalidate(['a', 'b']);
    expect(await cache.get('a', 'x')).toEqual(away);
    server.kill('SIGCONT');
    await healthy(cache);
    await vi.waitFor(async () => expect(await cache.get('a', 'x')).not.toEqual(away), patience);
    expect(await cache.get('a', 'x')).toMatchObject({ kind: 'miss' });
    expect(await other.get('a', 'x')).toMatchObject({ kind: 'miss' });
  });

  test('frozen during a change of parts: the whole scope is read past, and dropped once it answers again', async () => {
    const cache = await open();
    await store(cache, 'a', 'old');
    server.kill('SIGSTOP');
    await cache.invalidateParts('a', ['some part']);
    expect(await cache.get('a', 'x')).toEqual(away);
    server.kill('SIGCONT');
    await healthy(cache);
    await vi.waitFor(async () => expect(await cache.get('a', 'x')).not.toEqual(away), patience);
    expect(await cache.get('a', 'x')).toMatchObject({ kind: 'miss' });
  });

  test('killed: the invalidation stays due until a server on the same port acknowledges it', async () => {
    const cache = await open();
    const found = await cache.get('a', 'x');
    const token = found.kind === 'miss' ? (found.token ?? '') : '';
    await killRedis(server);
    await cache.invalidate(['a']);
    expect(await cache.get('a', 'x')).toEqual(away);
    expect(await cache.set('a', 'x', token, { value: 'old', ttlMs: 60_000 })).toBe(false);
    server = await startRedis(port);
    await vi.waitFor(async () => expect(await cache.get('a', 'x')).not.toEqual(away), patience);
    expect(await cache.set('a', 'x', token, { value: 'old', ttlMs: 60_000 })).toBe(false);
    expect(await store(cache, 'a', 'new')).toBe(true);
  });

  test('emptied between a look-up and its store: the store is refused', async () => {
    const [cache, other] = [await open(), await open()];
    const found = await cache.get('a', 'x');
    await command(port, 'FLUSHALL');
    await other.get('a', 'x');
    expect(
      await cache.set('a', 'x', found.kind === 'miss' ? (found.token ?? '') : '', {
        value: 'old',
        ttlMs: 60_000,
      }),
    ).toBe(false);
    expect(await store(cache, 'a', 'new')).toBe(true);
    expect(await other.get('a', 'x')).toEqual({ kind: 'hit', value: 'new' });
  });

  test('a scope is bounded: 1,000 entries at most, and gone 60 s after it began, whatever is stored later', async () => {
    const cache = await open({ deadlineMs: 5_000 });
    const found = await cache.get('a', 'x');
    const token = found.kind === 'miss' ? (found.token ?? '') : '';
    await sleep(50);
    const stored: boolean[] = [];
    for (let i = 0; i < 1_010; i += 1)
      stored.push(await cache.set('a', `${i}`, token, { value: 'v', ttlMs: 3_600_000 }));
    expect(stored.filter(Boolean)).toHaveLength(1_000);
    expect(await cache.set('a', '0', token, { value: 'again', ttlMs: 60_000 })).toBe(true);
    expect(Number((await command(port, 'PTTL test:cache:a')).slice(1))).toBeLessThanOrEqual(60_000 - 50);
  });

  test('past the bound of unacknowledged scopes, every scope is read past', async () => {
    const cache = await open({ maxDirtyScopes: 3 });
    await store(cache, 'unrelated', '1');
    await killRedis(server);
    await cache.invalidate(['a', 'b', 'c', 'd']);
    server = await startRedis(port);
    await healthy(cache);
    expect(await cache.get('unrelated', 'x')).toEqual(away);
  });

  test('away from the start: opens, reads past it, and connects when it comes', async () => {
    await killRedis(server);
    const cache = await open();
    expect(await cache.get('a', 'x')).toEqual(away);
    await cache.invalidate(['a']);
    server = await startRedis(port);
    await healthy(cache);
    await vi.waitFor(async () => expect(await store(cache, 'a', '1')).toBe(true), patience);
  });

  test('close does not wait for ever for an invalidation', async () => {
    const cache = await open();
    server.kill('SIGSTOP');
    await cache.invalidate(['a']);
    await cache.close();
    expect(await cache.get('a', 'x')).toEqual(away);
    server.kill('SIGCONT');
  });
}

if (redisUrl !== null) describe('a Redis that fails', whileRedisFails);

/** The first answer to a command in Redis' inline form. */
async function command(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${line}\r\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}
