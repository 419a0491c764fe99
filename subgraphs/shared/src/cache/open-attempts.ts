import type { Logger } from 'pino';
import type { Attempts } from './attempts.ts';
import { openEmbeddedAttempts } from './embedded-attempts.ts';
import { openRedisAttempts } from './redis-attempts.ts';

export interface OpenAttemptsOptions {
  /** `redis[s]://[[user][:password]@]host[:port][/database]`; undefined: each process counts for itself. */
  redisUrl: string | undefined;
  /** Before the keys on the server. */
  prefix: string;
  log: Logger;
}

/** Opens the counts of attempts. Never rejects: a Redis that is away is connected to in the background. */
export async function openAttempts({ redisUrl, prefix, log }: OpenAttemptsOptions): Promise<Attempts> {
  return redisUrl === undefined ? openEmbeddedAttempts() : openRedisAttempts({ url: redisUrl, prefix, log });
}
