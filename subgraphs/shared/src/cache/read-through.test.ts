import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openEmbeddedCache } from './embedded-cache.ts';
import type { Cache } from './port.ts';
import { createReadThrough } from './read-through.ts';

const entry = { scope: 'product:1', key: 'x', ttlMs: 60_000 };

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((ok, failed) => {
    resolve = ok;
    reject = failed;
  });
  return { promise, resolve, reject };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A cache that is away: as Redis is while its circuit is open. */
const awayCache: Cache = { ...openEmbeddedCache(), get: async () => ({ kind: 'miss', token: null }) };

test('concurrent reads of one entry share one load, and later ones find it stored', async () => {
  const { read } = createReadThrough(openEmbeddedCache());
  const database = deferred<string>();
  let loads = 0;
  const load = () => {
    loads += 1;
    return database.promise;
  };
  const reads = Array.from({ length: 100 }, () => read(entry, load));
  await turn();
  database.resolve('value');
  expect(new Set(await Promise.all(reads))).toEqual(new Set(['value']));
  await turn();
  expect(await read(entry, load)).toBe('value');
  expect(loads).toBe(1);
});

test('a read after an invalidation does not join a load that began before it', async () => {
  const cache = openEmbeddedCache();
  const { read } = createReadThrough(cache);
  const old = deferred<string>();
  const before = read(entry, () => old.promise);
  await turn();
  await cache.invalidate([entry.scope]);
  expect(await read(entry, async () => 'new')).toBe('new');
  old.resolve('old');
  expect(await before).toBe('old');
  await turn();
  expect(await read(entry, async () => 'unused')).toBe('new');
});

test('without a cache: one load runs, one waits, and a read never gets a load that began before it', async () => {
  const { read } = createReadThrough(awayCache);
  const started: ReturnType<typeof deferred<number>>[] = [];
  const load = () => {
    const result = deferred<number>();
    started.push(result);
    return result.promise;
  };
  const first = read(entry, load);
  await turn();
  const next = Array.from({ length: 50 }, () => read(entry, load));
  await turn();
  expect(started.length).toBe(1);
  started[0]?.resolve(1);
  expect(await first).toBe(1);
  await turn();
  expect(started.length).toBe(2);
  const last = read(entry, load);
  await turn();
  started[1]?.resolve(2);
  expect(new Set(await Promise.all(next))).toEqual(new Set([2]));
  await turn();
  started[2]?.resolve(3);
  expect(await last).toBe(3);
  expect(started.length).toBe(3);
});

test('a change of a part that a value does not show leaves it stored', async () => {
  const cache = openEmbeddedCache();
  const { read } = createReadThrough(cache);
  let loads = 0;
  const readAgain = () =>
    read(
      entry,
      async () => ++loads,
      () => ['shown'],
    );
  await readAgain();
  await turn();
  await cache.invalidateParts(entry.scope, ['another']);
  expect(await readAgain()).toBe(1);
  await cache.invalidateParts(entry.scope, ['shown']);
  expect(await readAgain()).toBe(2);
});

test('a load that fails is not stored, and does not fail those who wait for the next', async () => {
  for (const cache of [openEmbeddedCache(), awayCache]) {
    const { read } = createReadThrough(cache);
    const failing = deferred<string>();
    const failed = read(entry, () => failing.promise);
    await turn();
    const waiting = cache === awayCache ? read(entry, async () => 'value') : null;
    failing.reject(new Error('database away'));
    await expect(failed).rejects.toThrow('database away');
    await turn();
    expect(await (waiting ?? read(entry, async () => 'value'))).toBe('value');
  }
});

test('hit or miss, each reader gets its own copy that went through JSON', async () => {
  const { read } = createReadThrough(openEmbeddedCache());
  const load = async () => ({ at: new Date(0) });
  const miss = await read<unknown>(entry, load);
  await turn();
  const hit = await read<unknown>(entry, load);
  expect(miss).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  expect(hit).toEqual(miss);
  expect(hit).not.toBe(miss);
  expect(await read({ ...entry, key: 'nothing' }, async () => null)).toBe(null);
  await expect(read({ ...entry, key: 'undefined' }, async () => undefined)).rejects.toThrow(TypeError);
});

/** Like Redis seen over a network: every call takes its time both ways, and now and then it is away for a read. */
function distantCache(cache: Cache, hop: () => Promise<void>, isAway: () => boolean): Cache {
  const overNetwork = async <T>(call: () => Promise<T>): Promise<T> => {
    await hop();
    const answer = await call();
    await hop();
    return answer;
  };
  return {
    ...cache,
    get: (scope, key) =>
      isAway() ? Promise.resolve({ kind: 'miss', token: null }) : overNetwork(() => cache.get(scope, key)),
    set: (...call) => overNetwork(() => cache.set(...call)),
    invalidate: (scopes) => overNetwork(() => cache.invalidate(scopes)),
    invalidateParts: (...call) => overNetwork(() => cache.invalidateParts(...call)),
  };
}

test('whatever the interleaving: a read that begins after an invalidation resolved sees its write', async () => {
  const kinds = fc.constantFrom('read', 'read', 'read', 'write', 'write a part', 'write elsewhere');
  const steps = fc.array(kinds, { minLength: 4, maxLength: 14 });
  const sometimes = fc.infiniteStream(fc.constantFrom(false, false, true));
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, sometimes, async (scheduler, script, away) => {
      const shared = openEmbeddedCache({ maxEntries: 2 });
      const hop = () => scheduler.schedule(Promise.resolve());
      const isAway = () => away.next().value ?? false;
      const processes = [0, 1].map(() => createReadThrough(distantCache(shared, hop, isAway)));
      const writer = distantCache(shared, hop, () => false);
      let version = 0;
      let acknowledged = 0;

      const runs = script.map(async (step, i) => {
        await hop();
        if (step === 'write elsewhere') return writer.invalidateParts(entry.scope, ['another']);
        if (step !== 'read') {
          await hop();
          version += 1;
          const written = version;
          if (step === 'write') await writer.invalidate([entry.scope]);
          else await writer.invalidateParts(entry.scope, ['shown']);
          acknowledged = Math.max(acknowledged, written);
          return;
        }
        const atLeast = acknowledged;
        const load = async () => {
          await hop();
          const found = version;
          await hop();
          return found;
        };
        const seen = await processes[i % 2]?.read(entry, load, () => ['shown']);
        expect(seen).toBeGreaterThanOrEqual(atLeast);
      });
      await scheduler.waitFor(Promise.all(runs));
    }),
    { numRuns: 1_000 },
  );
});
