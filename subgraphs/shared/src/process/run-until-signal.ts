import type { Logger } from './log.ts';
import { closeOnSignal } from './shutdown.ts';

export interface Closable {
  close(): Promise<void>;
}

/**
 * The life of a process: start, then close in order on a signal, or with 1 on a fatal error. What `start` puts into
 * `opened` is closed at the end, also when it rejects: the last opened first, before what it stands on. `fail` ends the
 * process likewise, for what it cannot live without.
 */
export async function runUntilSignal(
  log: Logger,
  start: (opened: Closable[], fail: (error: Error) => void) => Promise<void>,
): Promise<void> {
  const opened: Closable[] = [];
  const { fail } = closeOnSignal(async () => {
    for (const closable of opened.toReversed()) await closable.close();
  }, log);
  try {
    await start(opened, fail);
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
}
