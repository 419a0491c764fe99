import type { Logger } from 'pino';
import { openEmbeddedCache } from './embedded-cache.ts';
import type { Cache } from './port.ts';
import { openRedisCache } from './redis-cache.ts';

export interface OpenCacheOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]`; undefined: a cache inside this process. */
  redisUrl: string | undefined;
  /** Before every key on the server, so that several shops can share one. */
  prefix: string;
  log: Logger;
}

/** Opens the cache. Never rejects: a Redis that is away is connected to in the background. */
export async function openCache({ redisUrl, prefix, log }: OpenCacheOptions): Promise<Cache> {
  if (redisUrl !== undefined) return openRedisCache({ url: redisUrl, prefix, log });
  log.info('cache: embedded, this process only (REDIS_URL is not set)');
  return openEmbeddedCache();
}
