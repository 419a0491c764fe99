import { setTimeout as sleep } from 'node:timers/promises';
import type { Stores } from './stores.ts';

const withinMs = 150_000;
const everyMs = 250;
/** Something may be between a topic and a database, where nobody sees it, for less time than this. */
const staysQuietForMs = 1_000;

/** Resolves with the time until nothing was left to do, or with what is still left after 150 s. */
export async function untilQuiet(
  stores: Stores,
): Promise<{ kind: 'quiet'; afterMs: number } | { kind: 'busy'; left: string }> {
  const startedMs = performance.now();
  let quietSinceMs: number | undefined;
  for (;;) {
    const left = await stores
      .unfinished()
      .catch((error: Error) => `the stores do not answer: ${error.message}`);
    const nowMs = performance.now();
    if (left !== null) quietSinceMs = undefined;
    else {
      quietSinceMs ??= nowMs;
      if (nowMs - quietSinceMs >= staysQuietForMs)
        return { kind: 'quiet', afterMs: quietSinceMs - startedMs };
    }
    if (left !== null && nowMs - startedMs > withinMs) return { kind: 'busy', left };
    await sleep(everyMs);
  }
}
