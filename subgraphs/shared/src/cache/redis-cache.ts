import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createDirtyScopes } from './dirty-scopes.ts';
import { maxChangedParts, maxEntriesPerScope, maxPartsPerEntry, maxTtlMs, maxValueLength } from './limits.ts';
import type { Cache } from './port.ts';
import { openRedisLink } from './redis-link.ts';

export interface RedisCacheOptions {
  url: string;
  prefix: string;
  log: Logger;
  /** How long a call may take before Redis counts as away; `answerWithinMs` by default. */
  deadlineMs?: number;
  /** How many scopes can wait for their invalidation to be acknowledged; 10,000 by default. */
  maxDirtyScopes?: number;
  /** How long opening waits for the first connection; 1,000 by default. */
  connectWaitMs?: number;
}

export const answerWithinMs = 50;

const scopesPerCommand = 500;

/** An entry has three fields at most. */
const maxFields = maxChangedParts + 3 * maxEntriesPerScope;

/** How long `close` waits for Redis to acknowledge what is dirty: within the seconds that a shutdown has. */
const closeWaitMs = 2_000;

/** Covers a server's clock that is corrected, and a command on its way. */
const expiryMarginMs = 5_000;

/**
 * The cache on Redis 7 or later, shared by every process with this prefix. While Redis is away reads are misses
 * that store nothing; a scope whose invalidation is not acknowledged is read past until it is. What a failover
 * of Redis may lose (an acknowledged invalidation) is bounded by the ttl.
 */
export async function openRedisCache(options: RedisCacheOptions): Promise<Cache> {
  const {
    url,
    prefix,
    log,
    deadlineMs = answerWithinMs,
    maxDirtyScopes = 10_000,
    connectWaitMs = 1_000,
  } = options;
  const keyOf = (scope: string) => `${prefix}cache:${scope}`;
  const dirty = createDirtyScopes({
    maxScopes: maxDirtyScopes,
    entriesGoneAfterMs: maxTtlMs + expiryMarginMs,
    nowMs: () => performance.now(),
  });
  const link = openRedisLink({
    url,
    deadlineMs,
    log,
    hasMoreToRecover: () => dirty.size > 0,
    async recoveryStep(client) {
      const scopes = dirty.oldest(scopesPerCommand);
      const mark = dirty.mark();
      // A write, since a server that only answers reads (out of memory, a replica) is of no use here.
      if (scopes.length === 0)
        await client.set(`${prefix}cache-probe`, '1', { expiration: { type: 'PX', value: 1_000 } });
      else await client.unlink(scopes.map(keyOf));
      dirty.acknowledged(scopes, mark);
    },
  });
  const processId = randomUUID();
  let generations = 0;

  async function invalidateSome(scopes: string[]): Promise<void> {
    const mark = dirty.mark();
    const answer = await link.run((client) => client.unlink(scopes.map(keyOf)));
    if (answer.kind === 'answered') dirty.acknowledged(scopes, mark);
    else dirty.add(scopes);
  }

  await link.settled(connectWaitMs);
  if (!link.isUp()) log.warn('cache: Redis does not answer, connecting in the background');

  return {
    async get(scope, key) {
      if (dirty.has(scope)) return { kind: 'miss', token: null };
      const newGeneration = `${processId}:${++generations}`;
      const answer = await link.run((client) => client.lookUp(keyOf(scope), key, newGeneration, maxTtlMs));
      if (answer.kind === 'unavailable') return { kind: 'miss', token: null };
      const reply = answer.value;
      return reply.found ? { kind: 'hit', value: reply.value } : { kind: 'miss', token: reply.token };
    },

    async set(scope, key, token, { value, ttlMs, parts }) {
      if (value.length > maxValueLength || ttlMs <= 0 || dirty.has(scope)) return false;
      if (parts && parts.length > maxPartsPerEntry) return false;
      const entry = {
        key,
        value,
        token,
        ttlMs: Math.min(Math.ceil(ttlMs), maxTtlMs),
        parts,
        maxEntries: maxEntriesPerScope,
      };
      const answer = await link.run((client) => client.store(keyOf(scope), entry));
      return answer.kind === 'answered' && answer.value;
    },

    async invalidate(scopes) {
      const parts: string[][] = [];
      for (let i = 0; i < scopes.length; i += scopesPerCommand)
        parts.push(scopes.slice(i, i + scopesPerCommand));
      await Promise.all(parts.map(invalidateSome));
    },

    async invalidateParts(scope, parts) {
      if (parts.length === 0) return;
      if (parts.length > maxChangedParts) return invalidateSome([scope]);
      const answer = await link.run((client) => client.changeParts(keyOf(scope), parts, maxFields));
      // To be told again is then that the whole scope is: which parts it was is not worth remembering.
      if (answer.kind !== 'answered') dirty.add([scope]);
    },

    isHealthy: () => link.isUp(),

    async close() {
      if (dirty.size > 0) await link.settled(closeWaitMs);
      link.close();
    },
  };
}
