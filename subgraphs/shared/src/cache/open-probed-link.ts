import type { Logger } from 'pino';
import { answerWithinMs } from './redis-cache.ts';
import { openRedisLink, type RedisLink } from './redis-link.ts';

/** How whatever keeps nothing to make up for reaches Redis. */
export interface ProbedLinkOptions {
  url: string;
  log: Logger;
  /** How long a call may take before Redis counts as away; `answerWithinMs` by default. */
  deadlineMs?: number;
  /** How long opening waits for the first connection; 1,000 by default. */
  connectWaitMs?: number;
}

/** A link that is up when Redis takes a write of `probeKey`; `whenAway` is logged if it is not at first. */
export async function openProbedLink(
  { url, log, deadlineMs = answerWithinMs, connectWaitMs = 1_000 }: ProbedLinkOptions,
  probeKey: string,
  whenAway: string,
): Promise<RedisLink> {
  const link = openRedisLink({
    url,
    deadlineMs,
    log,
    hasMoreToRecover: () => false,
    async recoveryStep(client) {
      // A write, since a server that only answers reads is of no use here.
      await client.set(probeKey, '1', { expiration: { type: 'PX', value: 1_000 } });
    },
  });
  await link.settled(connectWaitMs);
  if (!link.isUp()) log.warn(whenAway);
  return link;
}
