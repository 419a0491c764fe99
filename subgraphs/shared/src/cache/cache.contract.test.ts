import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisUrl } from '../../test/real-servers.ts';
import { openEmbeddedCache } from './embedded-cache.ts';
import { maxValueLength } from './limits.ts';
import type { Cache } from './port.ts';
import { openRedisCache } from './redis-cache.ts';

const log = pino({ level: 'silent' });
const adapters: { name: string; open: () => Promise<Cache> }[] = [
  { name: 'embedded', open: async () => openEmbeddedCache() },
];
if (redisUrl !== null) {
  const url = redisUrl;
  // A slow machine must not turn a hit into a miss here; the deadline has its own suite.
  const open = () =>
    openRedisCache({ url, prefix: `test-${randomUUID()}:`, log, deadlineMs: 5_000, connectWaitMs: 5_000 });
  adapters.push({ name: 'redis', open });
}

describe.each(adapters)('cache: $name', ({ open }) => {
  let cache: Cache;
  beforeEach(async () => {
    cache = await open();
  });
  afterEach(() => cache.close());

  async function tokenOf(scope: string, key: string): Promise<string> {
    const found = await cache.get(scope, key);
    if (found.kind === 'hit' || found.token === null) throw new Error(`no token: ${JSON.stringify(found)}`);
    return found.token;
  }

  async function store(scope: string, key: string, value: string, ttlMs = 60_000): Promise<boolean> {
    return cache.set(scope, key, value, await tokenOf(scope, key), ttlMs);
  }

  test('answers what was stored, word for word', async () => {
    for (const value of ['', '{"name":"Crème brûlée 🍮"}', 'a\r\nb\u0000c', 'generation']) {
      const key = `key of ${value}`;
      expect(await store('products', key, value)).toBe(true);
      expect(await cache.get('products', key)).toEqual({ kind: 'hit', value });
    }
  });

  test('keeps scopes and keys apart, whatever their names', async () => {
    const names = ['', 'a', 'a:b', 'b', 'generation', '=a', '*'];
    for (const scope of names)
      for (const key of names) expect(await store(scope, key, `${scope}|${key}`)).toBe(true);
    for (const scope of names)
      for (const key of names)
        expect(await cache.get(scope, key)).toEqual({ kind: 'hit', value: `${scope}|${key}` });
  });

  test('an invalidation drops every entry of its scopes and of no other', async () => {
    for (const scope of ['one', 'two', 'three']) for (const key of ['x', 'y']) await store(scope, key, '1');
    await cache.invalidate(['one', 'three', 'unknown']);
    for (const scope of ['one', 'three'])
      for (const key of ['x', 'y']) expect(await cache.get(scope, key)).toMatchObject({ kind: 'miss' });
    for (const key of ['x', 'y']) expect(await cache.get('two', key)).toMatchObject({ kind: 'hit' });
    await cache.invalidate([]);
  });

  test('invalidates more scopes than one command takes', async () => {
    await store('scope 1199', 'x', '1');
    await cache.invalidate(Array.from({ length: 1_200 }, (_, i) => `scope ${i}`));
    expect(await cache.get('scope 1199', 'x')).toMatchObject({ kind: 'miss' });
  });

  test('a slow reader cannot put an old value over a newer one', async () => {
    const slow = await tokenOf('product:1', 'x');
    await cache.invalidate(['product:1']);
    expect(await cache.set('product:1', 'x', 'old', slow, 60_000)).toBe(false);
    expect(await store('product:1', 'x', 'new')).toBe(true);
    expect(await cache.set('product:1', 'x', 'old', slow, 60_000)).toBe(false);
    expect(await cache.get('product:1', 'x')).toEqual({ kind: 'hit', value: 'new' });
  });

  test('a token fits no later generation, nor another scope', async () => {
    const tokens = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      tokens.add(await tokenOf('a', 'x'));
      tokens.add(await tokenOf('b', 'x'));
      await cache.invalidate(['a', 'b']);
    }
    expect(tokens.size).toBe(40);
    const ofB = await tokenOf('b', 'x');
    await tokenOf('a', 'x');
    expect(await cache.set('a', 'x', 'value', ofB, 60_000)).toBe(false);
  });

  test('readers of one generation see the same token, and each may store', async () => {
    const [first, second] = [await tokenOf('a', 'x'), await tokenOf('a', 'y')];
    expect(first).toBe(second);
    expect(await cache.set('a', 'x', '1', first, 60_000)).toBe(true);
    expect(await cache.set('a', 'y', '2', second, 60_000)).toBe(true);
    expect(await cache.set('a', 'x', '3', second, 60_000)).toBe(true);
    expect(await cache.get('a', 'x')).toEqual({ kind: 'hit', value: '3' });
  });

  test('an entry is gone after its ttl, however often it is read', async () => {
    await store('a', 'short', '1', 100);
    await store('b', 'long', '1', 60_000);
    for (let i = 0; i < 10; i += 1) {
      await sleep(20);
      await cache.get('a', 'short');
    }
    expect(await cache.get('a', 'short')).toMatchObject({ kind: 'miss' });
    expect(await cache.get('b', 'long')).toMatchObject({ kind: 'hit' });
    expect(await store('a', 'nothing', '1', 0)).toBe(false);
  });

  test('refuses a value past the limit', async () => {
    expect(await store('a', 'x', 'v'.repeat(maxValueLength + 1))).toBe(false);
    expect(await store('a', 'x', 'v'.repeat(maxValueLength))).toBe(true);
  });

  test('closed, it is a cache that has nothing', async () => {
    await store('a', 'x', '1');
    expect(cache.isHealthy()).toBe(true);
    await cache.close();
    await cache.close();
    expect(cache.isHealthy()).toBe(false);
    expect(await cache.get('a', 'x')).toEqual({ kind: 'miss', token: null });
    expect(await cache.set('a', 'x', '1', '1', 60_000)).toBe(false);
    await cache.invalidate(['a']);
  });
});
