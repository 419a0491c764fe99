import { LRUCache } from 'lru-cache';
import { sha256Of, type TextCache, type TextCacheLimits } from './text-cache.ts';

/** Texts inside one process; those used longest ago make room. */
export function openEmbeddedTextCache({ ttlMs, maxTexts, maxLength }: TextCacheLimits): TextCache {
  const texts = new LRUCache<string, string>({ max: maxTexts, ttl: ttlMs, updateAgeOnGet: true });
  let closed = false;
  return {
    async find(sha256) {
      return texts.get(sha256) ?? null;
    },
    async keep(text) {
      if (closed || text.length > maxLength) return false;
      texts.set(sha256Of(text), text);
      return true;
    },
    isHealthy: () => !closed,
    async close() {
      closed = true;
      texts.clear();
    },
  };
}
