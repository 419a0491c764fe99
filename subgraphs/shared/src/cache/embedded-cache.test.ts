import { expect, test } from 'vitest';
import { openEmbeddedCache } from './embedded-cache.ts';

async function countHits(
  options: { maxEntries?: number; maxLength?: number },
  scopeOf: (i: number) => string,
) {
  const cache = openEmbeddedCache(options);
  for (let i = 0; i < 500; i += 1) {
    const found = await cache.get(scopeOf(i), `${i}`);
    if (found.kind === 'miss')
      await cache.set(scopeOf(i), `${i}`, found.token ?? '', { value: 'v'.repeat(9), ttlMs: 60_000 });
  }
  let hits = 0;
  for (let i = 499; i >= 0; i -= 1) if ((await cache.get(scopeOf(i), `${i}`)).kind === 'hit') hits += 1;
  return hits;
}

test('holds no more entries and no more characters than it was allowed', async () => {
  expect(await countHits({ maxEntries: 50 }, () => 'one scope')).toBe(50);
  expect(await countHits({ maxEntries: 50 }, (i) => `scope ${i}`)).toBeLessThanOrEqual(50);
  expect(await countHits({ maxLength: 500 }, () => 'one scope')).toBe(50);
});

test('a token of an evicted scope is worth nothing', async () => {
  const cache = openEmbeddedCache({ maxEntries: 2 });
  const found = await cache.get('a', 'x');
  const token = found.kind === 'miss' ? found.token : null;
  for (const scope of ['b', 'c', 'd']) await cache.get(scope, 'x');
  await cache.get('a', 'x');
  expect(await cache.set('a', 'x', token ?? '', { value: 'old', ttlMs: 60_000 })).toBe(false);
});
