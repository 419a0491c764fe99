import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../unavailable.ts';
import type { Logger } from './log.ts';

/**
 * Runs a step of starting up, again while the server it needs is still coming up: an UnavailableError is tried
 * again for at most `withinMs`, half a second apart, then thrown. Any other error is thrown at once.
 */
export async function whenAvailable<Result>(
  step: () => Promise<Result>,
  options: { log: Logger; withinMs?: number; pauseMs?: number },
): Promise<Result> {
  // An orchestrator starts everything at once; a MongoDB replica set elects its primary within half a minute.
  const { log, withinMs = 60_000, pauseMs = 500 } = options;
  const giveUpAtMs = performance.now() + withinMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof UnavailableError) || performance.now() >= giveUpAtMs) throw error;
      if (attempt === 1) log.warn({ err: error }, 'not available yet; trying again');
      await sleep(pauseMs);
    }
  }
}
