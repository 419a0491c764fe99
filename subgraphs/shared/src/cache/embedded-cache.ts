import { LRUCache } from 'lru-cache';
import { maxTtlMs, maxValueLength } from './limits.ts';
import type { Cache } from './port.ts';

export interface EmbeddedCacheOptions {
  /** How many entries, and how many scopes, are kept at most; those used longest ago go first. */
  maxEntries?: number;
  /** How many characters all values together have at most. */
  maxLength?: number;
}

/** The cache inside one process: right for a shop that is one process, since nobody else hears its invalidations. */
export function openEmbeddedCache(options: EmbeddedCacheOptions = {}): Cache {
  const { maxEntries = 10_000, maxLength = 50_000_000 } = options;
  // A scope that was evicted or invalidated gets a number that was never used before, so neither an old token
  // nor an old entry ever fits again; what no longer fits is left to the eviction.
  const generations = new LRUCache<string, string>({ max: maxEntries });
  const entries = new LRUCache<string, { value: string; token: string }>({
    max: maxEntries,
    maxSize: maxLength,
    sizeCalculation: ({ value }) => value.length + 1,
  });
  let lastGeneration = 0;
  let closed = false;

  function generationOf(scope: string): string {
    const known = generations.get(scope);
    if (known !== undefined) return known;
    const fresh = String(++lastGeneration);
    generations.set(scope, fresh);
    return fresh;
  }

  return {
    async get(scope, key) {
      if (closed) return { kind: 'miss', token: null };
      const token = generationOf(scope);
      const entry = entries.get(entryKey(scope, key));
      return entry?.token === token ? { kind: 'hit', value: entry.value } : { kind: 'miss', token };
    },

    async set(scope, key, value, token, ttlMs) {
      if (closed || generations.get(scope) !== token) return false;
      if (value.length > maxValueLength || ttlMs <= 0) return false;
      entries.set(entryKey(scope, key), { value, token }, { ttl: Math.min(ttlMs, maxTtlMs) });
      return entries.has(entryKey(scope, key));
    },

    async invalidate(scopes) {
      for (const scope of scopes) generations.delete(scope);
    },

    isHealthy: () => !closed,

    async close() {
      closed = true;
      generations.clear();
      entries.clear();
    },
  };
}

/** The length keeps ("a", "b:c") apart from ("a:b", "c"). */
function entryKey(scope: string, key: string): string {
  return `${scope.length}:${scope}:${key}`;
}
