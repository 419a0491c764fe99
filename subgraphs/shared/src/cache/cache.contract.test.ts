import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisUrl } from '../../test/real-servers.ts';
import { openEmbeddedCache } from './embedded-cache.ts';
import { maxChangedParts, maxPartsPerEntry, maxValueLength } from './limits.ts';
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
    return cache.set(scope, key, await tokenOf(scope, key), { value, ttlMs });
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
    expect(await cache.set('product:1', 'x', slow, { value: 'old', ttlMs: 60_000 })).toBe(false);
    expect(await store('product:1', 'x', 'new')).toBe(true);
    expect(await cache.set('product:1', 'x', slow, { value: 'old', ttlMs: 60_000 })).toBe(false);
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
    expect(await cache.set('a', 'x', ofB, { value: 'value', ttlMs: 60_000 })).toBe(false);
  });

  test('readers of one generation see the same token, and each may store', async () => {
    const [first, second] = [await tokenOf('a', 'x'), await tokenOf('a', 'y')];
    expect(first).toBe(second);
    expect(await cache.set('a', 'x', first, { value: '1', ttlMs: 60_000 })).toBe(true);
    expect(await cache.set('a', 'y', second, { value: '2', ttlMs: 60_000 })).toBe(true);
    expect(await cache.set('a', 'x', second, { value: '3', ttlMs: 60_000 })).toBe(true);
    expect(await cache.get('a', 'x')).toEqual({ kind: 'hit', value: '3' });
  });

  async function storeShowing(parts: string[] | undefined, scope = 'list', key = `${parts}`) {
    const entry = { value: `of ${parts}`, ttlMs: 60_000, ...(parts && { parts }) };
    expect(await cache.set(scope, key, await tokenOf(scope, key), entry)).toBe(true);
  }
  const kindOf = async (key: string, scope = 'list') => (await cache.get(scope, key)).kind;

  test('a change of parts drops the entries that show one of them, and those that name no parts', async () => {
    for (const parts of [['a', 'b'], ['b', 'c'], ['c'], [], undefined]) await storeShowing(parts);
    await storeShowing(['a'], 'other list');
    await cache.invalidateParts('list', ['a', 'never shown']);
    expect(await kindOf('a,b')).toBe('miss');
    expect(await kindOf('undefined')).toBe('miss');
    for (const key of ['b,c', 'c', '']) expect(await kindOf(key)).toBe('hit');
    expect(await kindOf('a', 'other list')).toBe('hit');
    await cache.invalidateParts('list', ['c']);
    for (const key of ['b,c', 'c']) expect(await kindOf(key)).toBe('miss');
    expect(await kindOf('')).toBe('hit');
    await cache.invalidateParts('list', []);
    expect(await kindOf('')).toBe('hit');
    await cache.invalidate(['list']);
    expect(await kindOf('')).toBe('miss');
    await cache.invalidateParts('a list that nobody has read', ['a']);
  });

  test('a slow reader cannot store what it read before a part of it changed', async () => {
    const slow = await tokenOf('list', 'x');
    await cache.invalidateParts('list', ['a']);
    const entry = { value: 'old', ttlMs: 60_000 };
    expect(await cache.set('list', 'x', slow, { ...entry, parts: ['b', 'a'] })).toBe(false);
    expect(await cache.set('list', 'x', slow, entry)).toBe(false);
    expect(await cache.set('list', 'x', slow, { ...entry, parts: ['b'] })).toBe(true);
    await cache.invalidate(['list']);
    expect(await cache.set('list', 'x', slow, { ...entry, parts: ['b'] })).toBe(false);
  });

  test('an entry that is stored again shows the parts of then', async () => {
    for (const parts of [['a'], ['b'], undefined, ['c']]) {
      const token = await tokenOf('list', 'another key');
      expect(
        await cache.set('list', 'x', token, { value: '1', ttlMs: 60_000, ...(parts && { parts }) }),
      ).toBe(true);
    }
    await cache.invalidateParts('list', ['a', 'b']);
    expect(await kindOf('x')).toBe('hit');
    await cache.invalidateParts('list', ['c']);
    expect(await kindOf('x')).toBe('miss');
  });

  test('takes any names of parts, and no more of them than its bounds', async () => {
    const names = ['', '"', 'é🍮', 'a b', 'generation', '!a', '\u0000'];
    for (const name of names) await storeShowing([name]);
    for (const name of names) {
      expect(await kindOf(name)).toBe('hit');
      await cache.invalidateParts('list', [name]);
      expect(await kindOf(name)).toBe('miss');
    }
    const many = (count: number) => Array.from({ length: count }, (_, n) => `part ${n}`);
    const token = await tokenOf('list', 'many');
    const entry = { value: '1', ttlMs: 60_000 };
    expect(await cache.set('list', 'many', token, { ...entry, parts: many(maxPartsPerEntry) })).toBe(true);
    expect(await cache.set('list', 'many', token, { ...entry, parts: many(maxPartsPerEntry + 1) })).toBe(
      false,
    );
    await cache.invalidateParts('list', ['another']);
    expect(await kindOf('many')).toBe('hit');
    await cache.invalidateParts('list', many(maxChangedParts + 1));
    expect(await kindOf('many')).toBe('miss');
  });

  test('when very many parts have changed, the whole scope is dropped', async () => {
    await storeShowing(['quiet']);
    for (let n = 0; n < 20; n += 1) {
      await cache.invalidateParts(
        'list',
        Array.from({ length: 1_000 }, (_, i) => `${n}:${i}`),
      );
    }
    expect(await kindOf('quiet')).toBe('miss');
    await storeShowing(['quiet']);
    expect(await kindOf('quiet')).toBe('hit');
  });

  test('whatever readers and writers do at once, a hit never shows an older version of anything', async () => {
    const parts = ['a', 'b', 'c', 'd'];
    const command = fc.record({
      kind: fc.constantFrom('look up', 'look up', 'store', 'change parts', 'change all'),
      parts: fc.subarray(parts, { minLength: 1 }),
      reader: fc.nat(2),
    });
    let runs = 0;
    const play = async (commands: { kind: string; parts: string[]; reader: number }[]) => {
      const scope = `property ${runs++}`;
      const version = new Map(parts.map((part) => [part, 0]));
      const shown = (of: string[]) => of.map((part) => `${part}${version.get(part)}`).join();
      const readers = new Map<number, { key: string; parts: string[]; value: string; token: string }>();
      for (const { kind, parts: named, reader } of commands) {
        const key = named.join();
        const found = kind === 'look up' ? await cache.get(scope, key) : null;
        if (found?.kind === 'hit') expect(found.value).toBe(shown(named));
        if (found?.kind === 'miss')
          readers.set(reader, { key, parts: named, value: shown(named), token: found.token! });
        const read = readers.get(reader);
        if (kind === 'store' && read) {
          const { value, parts: of } = read;
          await cache.set(scope, read.key, read.token, { value, ttlMs: 60_000, parts: of });
        }
        const changed = kind === 'change parts' ? named : kind === 'change all' ? parts : [];
        for (const part of changed) version.set(part, version.get(part)! + 1);
        if (kind === 'change parts') await cache.invalidateParts(scope, named);
        if (kind === 'change all') await cache.invalidate([scope]);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 40 }), play), {
      numRuns: 200,
    });
  }, 60_000);

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
    expect(await cache.set('a', 'x', '1', { value: '1', ttlMs: 60_000 })).toBe(false);
    await cache.invalidate(['a']);
    await cache.invalidateParts('a', ['x']);
  });
});
