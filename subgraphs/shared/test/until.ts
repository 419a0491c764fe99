import { setTimeout as sleep } from 'node:timers/promises';

/** Tries, a few milliseconds apart, until there is an answer; fails after 25 s. */
export async function until<Result>(attempt: () => Promise<Result | null>): Promise<Result> {
  const giveUpAtMs = performance.now() + 25_000;
  while (performance.now() < giveUpAtMs) {
    const result = await attempt();
    if (result !== null) return result;
    await sleep(5);
  }
  throw new Error('it did not happen within 25 s');
}
