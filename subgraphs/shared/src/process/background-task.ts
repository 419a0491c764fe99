import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log.ts';

/**
 * Runs `task` again and again, `everyMs` apart, until stopped. A failure is logged once per outage and the pause
 * doubles up to 30 s. `stop` waits for the run that is going on.
 */
export function startBackgroundTask(options: {
  name: string;
  everyMs: number;
  log: Logger;
  task: (signal: AbortSignal) => Promise<void>;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await options.task(stopping.signal);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) options.log.warn({ err: error }, `${options.name} fails; it is tried again`);
      }
      const pauseMs = Math.min(
        options.everyMs * 2 ** Math.min(failures, 10),
        Math.max(30_000, options.everyMs),
      );
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
