import { setTimeout as sleep } from 'node:timers/promises';

/** Unless told otherwise. */
const usualWithinMs = 60_000;
const everyMs = 50;
/** Real servers may let a consumer wait for its partitions; nobody should wonder for longer than this. */
const reportAfterMs = 2_000;

/**
 * Resolves when every part's `/readyz` answers 200; rejects after `withinMs`, naming the last reason, and with the reason
 * of the signal.
 */
export async function untilReady(
  parts: { name: string; url: string }[],
  onProgress: (line: string) => void,
  withinMs = usualWithinMs,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = new Set(parts.map(({ name }) => name));
  const report = setInterval(() => onProgress(`Waiting for ${[...waiting].join(', ')} …`), reportAfterMs);
  const deadline = Date.now() + withinMs;
  try {
    await Promise.all(
      parts.map(async ({ name, url }) => {
        await untilOneReady(name, url, { deadline, withinMs, signal });
        waiting.delete(name);
      }),
    );
  } finally {
    clearInterval(report);
  }
}

async function untilOneReady(
  name: string,
  url: string,
  { deadline, withinMs, signal }: { deadline: number; withinMs: number; signal: AbortSignal | undefined },
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) return;
    const reason = answer ? await answer.text() : 'no answer';
    if (Date.now() > deadline) throw new Error(`${name} is not ready after ${withinMs / 1000} s: ${reason}`);
    await sleep(everyMs);
  }
}
