import type { Logger } from 'pino';
import type { Attempts } from './attempts.ts';
import { openEmbeddedAttempts } from './embedded-attempts.ts';
import { answerWithinMs } from './redis-cache.ts';
import { openRedisLink } from './redis-link.ts';

export interface RedisAttemptsOptions {
  url: string;
  /** Before every key. */
  prefix: string;
  log: Logger;
  /** How long a call may take before Redis counts as away; `answerWithinMs` by default. */
  deadlineMs?: number;
  /** How long opening waits for the first connection; 1,000 by default. */
  connectWaitMs?: number;
}

/**
 * Counts on Redis 7 or later, for every process with this prefix. This process counts along, so that whoever was at a
 * limit when Redis went away still is; what it counted meanwhile is not told to Redis later.
 */
export async function openRedisAttempts(options: RedisAttemptsOptions): Promise<Attempts> {
  const { url, prefix, log, deadlineMs = answerWithinMs, connectWaitMs = 1_000 } = options;
  const near = openEmbeddedAttempts();
  const keyOf = (key: string) => `${prefix}attempts:${key}`;
  const link = openRedisLink({
    url,
    deadlineMs,
    log,
    hasMoreToRecover: () => false,
    async recoveryStep(client) {
      // A write, since a server that only answers reads is of no use here.
      await client.set(`${prefix}attempts-probe`, '1', { expiration: { type: 'PX', value: 1_000 } });
    },
  });
  await link.settled(connectWaitMs);
  if (!link.isUp()) log.warn('attempts: Redis does not answer, counting in this process');

  return {
    async take(budgets) {
      const taken = await near.take(budgets);
      const remote = budgets.map((budget) => ({ ...budget, key: keyOf(budget.key) }));
      const answer = await link.run((client) => client.takeAttempts(remote));
      if (answer.kind !== 'answered') return taken;
      return answer.value < 0 ? { kind: 'taken' } : { kind: 'limited', retryAfterMs: answer.value };
    },
    async giveBack(keys) {
      await near.giveBack(keys);
      await link.run((client) => client.giveBackAttempts(keys.map(keyOf)));
    },
    async forget(keys) {
      await near.forget(keys);
      if (keys.length > 0) await link.run((client) => client.unlink(keys.map(keyOf)));
    },
    isHealthy: () => link.isUp(),
    async close() {
      link.close();
      await near.close();
    },
  };
}
