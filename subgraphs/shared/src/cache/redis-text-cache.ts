import type { Logger } from 'pino';
import { answerWithinMs } from './redis-cache.ts';
import { openRedisLink } from './redis-link.ts';
import type { Generations } from './redis-text-scripts.ts';
import { sha256Of, type TextCache, type TextCacheLimits } from './text-cache.ts';

export interface RedisTextCacheOptions extends TextCacheLimits {
  url: string;
  /** Before the names of its two keys, which hold all its texts. */
  prefix: string;
  log: Logger;
  /** How long a call may take before Redis counts as away; `answerWithinMs` by default. */
  deadlineMs?: number;
  /** How long opening waits for the first connection; 1,000 by default. */
  connectWaitMs?: number;
}

/** Texts on Redis 7 or later, shared by every process with this prefix. While Redis is away, none is found or kept. */
export async function openRedisTextCache(options: RedisTextCacheOptions): Promise<TextCache> {
  const { url, prefix, log, ttlMs, maxTexts, maxLength } = options;
  const { deadlineMs = answerWithinMs, connectWaitMs = 1_000 } = options;
  const generations: Generations = {
    newer: `${prefix}newer`,
    older: `${prefix}older`,
    perGeneration: Math.ceil(maxTexts / 2),
    ttlMs,
  };
  const link = openRedisLink({
    url,
    deadlineMs,
    log,
    hasMoreToRecover: () => false,
    async recoveryStep(client) {
      // A write, since a server that only answers reads is of no use here.
      await client.set(`${prefix}probe`, '1', { expiration: { type: 'PX', value: 1_000 } });
    },
  });
  await link.settled(connectWaitMs);
  if (!link.isUp()) log.warn('cache: Redis does not answer, connecting in the background');

  return {
    async find(sha256) {
      const answer = await link.run((client) => client.findText(generations, sha256));
      // Whoever can write to Redis could otherwise make a client run what it never sent.
      const isWhole =
        answer.kind === 'answered' && answer.value !== null && sha256Of(answer.value) === sha256;
      return isWhole ? answer.value : null;
    },
    async keep(text) {
      if (text.length > maxLength) return false;
      const answer = await link.run((client) => client.keepText(generations, sha256Of(text), text));
      return answer.kind === 'answered' && answer.value;
    },
    isHealthy: () => link.isUp(),
    async close() {
      link.close();
    },
  };
}
