import { setTimeout as sleep } from 'node:timers/promises';

export interface BackoffRange {
  minMs: number;
  maxMs: number;
}

/** The pause before try number `attempt` (from 1): doubling, bounded, and spread by half so that nobody marches in step. */
export function backoffMs(attempt: number, { minMs, maxMs }: BackoffRange, random = Math.random): number {
  const ceilingMs = Math.min(maxMs, minMs * 2 ** Math.min(attempt - 1, 30));
  return ceilingMs * (0.5 + random() / 2);
}

/** Sleeps, or wakes early, without an error, when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Waits until the promise settles, but at most so long; answers whether it did. It never rejects. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const timeout = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const answer = await Promise.race([settled, timeout]);
  timer.abort();
  return answer;
}
