import { LRUCache } from 'lru-cache';
import { maxChangedParts, maxPartsPerEntry, maxTtlMs, maxValueLength } from './limits.ts';
import type { Cache } from './port.ts';

export interface EmbeddedCacheOptions {
  /** How many entries, and how many scopes, are kept at most; those used longest ago go first. */
  maxEntries?: number;
  /** How many characters all values together have at most. */
  maxLength?: number;
}

/** What a scope is in until it is invalidated. */
interface Generation {
  /** Never used before. */
  id: number;
  /** How often parts were invalidated. */
  changes: number;
  /** What `changes` was when a part was invalidated last. */
  changedAt: Map<string, number>;
}

interface Stored {
  value: string;
  generation: number;
  /** The `changes` for which it is known to be valid. */
  seen: number;
  parts: readonly string[] | undefined;
}

/** The cache inside one process: right for a shop that is one process, since nobody else hears its invalidations. */
export function openEmbeddedCache(options: EmbeddedCacheOptions = {}): Cache {
  const { maxEntries = 10_000, maxLength = 50_000_000 } = options;
  // A scope that was evicted or invalidated gets a number that was never used before, so neither an old token
  // nor an old entry ever fits again; what no longer fits is left to the eviction.
  const generations = new LRUCache<string, Generation>({ max: maxEntries });
  const entries = new LRUCache<string, Stored>({
    max: maxEntries,
    maxSize: maxLength,
    sizeCalculation: ({ value }) => value.length + 1,
  });
  let lastGeneration = 0;
  let closed = false;

  function generationOf(scope: string): Generation {
    const known = generations.get(scope);
    if (known !== undefined) return known;
    const fresh = { id: ++lastGeneration, changes: 0, changedAt: new Map() };
    generations.set(scope, fresh);
    return fresh;
  }

  return {
    async get(scope, key) {
      if (closed) return { kind: 'miss', token: null };
      const generation = generationOf(scope);
      const entry = entries.get(entryKey(scope, key));
      if (entry?.generation === generation.id && !isChangedSince(generation, entry.seen, entry.parts)) {
        entry.seen = generation.changes;
        return { kind: 'hit', value: entry.value };
      }
      return { kind: 'miss', token: tokenOf(generation) };
    },

    async set(scope, key, token, { value, ttlMs, parts }) {
      const generation = generations.get(scope);
      if (closed || !generation || !isOf(generation, token)) return false;
      if (value.length > maxValueLength || ttlMs <= 0) return false;
      if (parts && parts.length > maxPartsPerEntry) return false;
      if (isChangedSince(generation, seenBy(token), parts)) return false;
      const entry = { value, generation: generation.id, seen: generation.changes, parts };
      entries.set(entryKey(scope, key), entry, { ttl: Math.min(ttlMs, maxTtlMs) });
      return entries.has(entryKey(scope, key));
    },

    async invalidate(scopes) {
      for (const scope of scopes) generations.delete(scope);
    },

    async invalidateParts(scope, parts) {
      const generation = generations.get(scope);
      if (!generation || parts.length === 0) return;
      generation.changes += 1;
      for (const part of parts) generation.changedAt.set(part, generation.changes);
      if (generation.changedAt.size > maxChangedParts) generations.delete(scope);
    },

    isHealthy: () => !closed,

    async close() {
      closed = true;
      generations.clear();
      entries.clear();
    },
  };
}

/** Whether any of the parts was invalidated after `seen`; without parts, whether anything was. */
function isChangedSince(
  { changes, changedAt }: Generation,
  seen: number,
  parts: readonly string[] | undefined,
): boolean {
  if (changes === seen) return false;
  return !parts || parts.some((part) => (changedAt.get(part) ?? 0) > seen);
}

const tokenOf = ({ id, changes }: Generation) => `${id} ${changes}`;
const isOf = ({ id }: Generation, token: string) => token.startsWith(`${id} `);
const seenBy = (token: string) => Number(token.slice(token.indexOf(' ') + 1));

/** The length keeps ("a", "b:c") apart from ("a:b", "c"). */
function entryKey(scope: string, key: string): string {
  return `${scope.length}:${scope}:${key}`;
}
