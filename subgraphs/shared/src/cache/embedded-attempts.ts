import { LRUCache } from 'lru-cache';
import type { Attempts } from './attempts.ts';

/** Some 10 MB. Past it those are forgotten that were counted longest ago. */
const defaultMaxKeys = 50_000;

interface Count {
  attempts: number;
  endsAtMs: number;
}

/** Counts inside one process. */
export function openEmbeddedAttempts(options: { maxKeys?: number; nowMs?: () => number } = {}): Attempts {
  const { maxKeys = defaultMaxKeys, nowMs = () => performance.now() } = options;
  const counts = new LRUCache<string, Count>({ max: maxKeys });
  let isClosed = false;

  function countOf(key: string): Count | undefined {
    const count = counts.get(key);
    return count && count.endsAtMs > nowMs() ? count : undefined;
  }

  return {
    async take(budgets) {
      if (isClosed) return { kind: 'taken' };
      const waitsMs = budgets.flatMap(({ key, limit }) => {
        const count = countOf(key);
        return count && count.attempts >= limit ? [count.endsAtMs - nowMs()] : [];
      });
      if (waitsMs.length > 0) return { kind: 'limited', retryAfterMs: Math.max(...waitsMs) };
      for (const { key, windowMs } of budgets) {
        const count = countOf(key);
        if (count) count.attempts += 1;
        else counts.set(key, { attempts: 1, endsAtMs: nowMs() + windowMs });
      }
      return { kind: 'taken' };
    },
    async giveBack(keys) {
      for (const key of keys) {
        const count = countOf(key);
        if (count && count.attempts > 1) count.attempts -= 1;
        else counts.delete(key);
      }
    },
    async forget(keys) {
      for (const key of keys) counts.delete(key);
    },
    isHealthy: () => !isClosed,
    async close() {
      isClosed = true;
      counts.clear();
    },
  };
}
