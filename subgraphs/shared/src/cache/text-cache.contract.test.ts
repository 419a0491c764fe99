import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisUrl } from '../../test/real-servers.ts';
import { openEmbeddedTextCache } from './embedded-text-cache.ts';
import { withNearCopies } from './open-text-cache.ts';
import { openRedisTextCache } from './redis-text-cache.ts';
import { sha256Of, type TextCache, type TextCacheLimits } from './text-cache.ts';

const log = pino({ level: 'silent' });
const limits = { ttlMs: 60_000, maxTexts: 10, maxLength: 1_000 };

type Open = (limits: TextCacheLimits) => Promise<TextCache>;
const adapters: { name: string; open: Open }[] = [
  { name: 'embedded', open: async (given) => openEmbeddedTextCache(given) },
];
if (redisUrl !== null) {
  const url = redisUrl;
  // A slow machine must not turn a find into a miss here; the deadline has its own suite.
  const open: Open = (given) =>
    openRedisTextCache({
      ...given,
      url,
      prefix: `test-${randomUUID()}:`,
      log,
      deadlineMs: 5_000,
      connectWaitMs: 5_000,
    });
  adapters.push({ name: 'redis', open });
  adapters.push({
    name: 'redis with near copies',
    open: async (given) => withNearCopies(openEmbeddedTextCache(given), await open(given)),
  });
}

describe.each(adapters)('cache of texts: $name', ({ open }) => {
  let cache: TextCache;
  beforeEach(async () => {
    cache = await open(limits);
  });
  afterEach(() => cache.close());

  test('finds what was kept, word for word, and nothing else', async () => {
    for (const text of ['{ a }', '', '{ a(b: "Crème brûlée 🍮") }\r\n\u0000']) {
      expect(await cache.find(sha256Of(text))).toBeNull();
      expect(await cache.keep(text)).toBe(true);
      expect(await cache.find(sha256Of(text))).toBe(text);
    }
    for (const key of ['', sha256Of('{ b }'), 'x'.repeat(1_000)]) expect(await cache.find(key)).toBeNull();
    expect(cache.isHealthy()).toBe(true);
  });

  test('keeps no text that is too long', async () => {
    const long = 'x'.repeat(limits.maxLength + 1);
    expect(await cache.keep(long)).toBe(false);
    expect(await cache.find(sha256Of(long))).toBeNull();
    expect(await cache.keep(long.slice(1))).toBe(true);
  });

  test('is bounded, and what is asked for stays', async () => {
    await cache.keep('in use');
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
    for (const text of texts) {
      await cache.keep(text);
      expect(await cache.find(sha256Of('in use'))).toBe('in use');
    }
    expect(await cache.find(sha256Of('text 49'))).toBe('text 49');
    const found = await Promise.all(texts.map((text) => cache.find(sha256Of(text))));
    const left = found.filter((text) => text !== null).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(limits.maxTexts);
  });

  test('the same text again and again takes no more room', async () => {
    await cache.keep('first');
    for (let i = 0; i < 50; i += 1) await cache.keep('again');
    expect(await cache.find(sha256Of('first'))).toBe('first');
  });

  test('forgets what nobody asks for', async () => {
    const shortly = await open({ ...limits, ttlMs: 100 });
    await shortly.keep('{ a }');
    await sleep(400);
    expect(await shortly.find(sha256Of('{ a }'))).toBeNull();
    await shortly.close();
  });

  test('a closed one finds and keeps nothing', async () => {
    await cache.keep('{ a }');
    await cache.close();
    await cache.close();
    expect(await cache.find(sha256Of('{ a }'))).toBeNull();
    expect(await cache.keep('{ b }')).toBe(false);
    expect(cache.isHealthy()).toBe(false);
  });
});
