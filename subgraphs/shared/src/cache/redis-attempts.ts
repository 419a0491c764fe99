import type { Attempts } from './attempts.ts';
import { openEmbeddedAttempts } from './embedded-attempts.ts';
import { openProbedLink, type ProbedLinkOptions } from './open-probed-link.ts';

export interface RedisAttemptsOptions extends ProbedLinkOptions {
  /** Before every key. */
  prefix: string;
}

/**
 * Counts on Redis 7 or later, for every process with this prefix. This process counts along, so that whoever was at a
 * limit when Redis went away still is; what it counted meanwhile is not told to Redis later.
 */
export async function openRedisAttempts(options: RedisAttemptsOptions): Promise<Attempts> {
  const { prefix } = options;
  const near = openEmbeddedAttempts();
  const keyOf = (key: string) => `${prefix}attempts:${key}`;
  const whenAway = 'attempts: Redis does not answer, counting in this process';
  const link = await openProbedLink(options, `${prefix}attempts-probe`, whenAway);
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
