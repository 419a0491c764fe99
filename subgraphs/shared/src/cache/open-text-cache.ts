import type { Logger } from 'pino';
import { openEmbeddedTextCache } from './embedded-text-cache.ts';
import { openRedisTextCache } from './redis-text-cache.ts';
import type { TextCache, TextCacheLimits } from './text-cache.ts';

export interface OpenTextCacheOptions extends TextCacheLimits {
  /** `redis[s]://[[user][:password]@]host[:port][/database]`; undefined: texts inside this process alone. */
  redisUrl: string | undefined;
  /** Before the keys on the server. */
  prefix: string;
  log: Logger;
}

/** Opens a cache of texts. Never rejects: a Redis that is away is connected to in the background. */
export async function openTextCache({ redisUrl, ...options }: OpenTextCacheOptions): Promise<TextCache> {
  const near = openEmbeddedTextCache(options);
  if (redisUrl === undefined) return near;
  return withNearCopies(near, await openRedisTextCache({ ...options, url: redisUrl }));
}

/**
 * What was found or kept is at hand in this process as well: it costs no call, and while Redis is away a client that
 * has brought its text to this process need not bring it again.
 */
export function withNearCopies(near: TextCache, far: TextCache): TextCache {
  return {
    async find(sha256) {
      const copy = await near.find(sha256);
      if (copy !== null) return copy;
      const text = await far.find(sha256);
      if (text !== null) await near.keep(text);
      return text;
    },
    async keep(text) {
      const [isNear, isFar] = await Promise.all([near.keep(text), far.keep(text)]);
      return isNear || isFar;
    },
    isHealthy: () => far.isHealthy(),
    async close() {
      await Promise.all([near.close(), far.close()]);
    },
  };
}
