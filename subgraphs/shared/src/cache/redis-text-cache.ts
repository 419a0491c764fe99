import { openProbedLink, type ProbedLinkOptions } from './open-probed-link.ts';
import type { Generations } from './redis-text-scripts.ts';
import { sha256Of, type TextCache, type TextCacheLimits } from './text-cache.ts';

export interface RedisTextCacheOptions extends TextCacheLimits, ProbedLinkOptions {
  /** Before the names of its two keys, which hold all its texts. */
  prefix: string;
}

/** Texts on Redis 7 or later, shared by every process with this prefix. While Redis is away, none is found or kept. */
export async function openRedisTextCache(options: RedisTextCacheOptions): Promise<TextCache> {
  const { prefix, ttlMs, maxTexts, maxLength } = options;
  const generations: Generations = {
    newer: `${prefix}newer`,
    older: `${prefix}older`,
    perGeneration: Math.ceil(maxTexts / 2),
    ttlMs,
  };
  const whenAway = 'cache: Redis does not answer, connecting in the background';
  const link = await openProbedLink(options, `${prefix}probe`, whenAway);

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
