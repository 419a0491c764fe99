import { setTimeout as sleep } from 'node:timers/promises';

const withinMs = 60_000;
const everyMs = 50;

/** Resolves when every origin's `/readyz` answers 200; rejects after 60 s, naming the last reason. */
export async function untilReady(origins: string[]): Promise<void> {
  const deadline = Date.now() + withinMs;
  await Promise.all(origins.map((origin) => untilOneReady(origin, deadline)));
}

async function untilOneReady(origin: string, deadline: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) return;
    const reason = answer ? await answer.text() : 'no answer';
    if (Date.now() > deadline)
      throw new Error(`${origin} is not ready after ${withinMs / 1000} s: ${reason}`);
    await sleep(everyMs);
  }
}
