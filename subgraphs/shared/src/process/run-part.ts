import type { Logger } from './log.ts';
import { closeOnSignal } from './shutdown.ts';

interface Closable {
  close(): Promise<void>;
}

/** What a part's start is given. */
export interface PartStart {
  /** Hands a thing through and closes it at the end, the last opened first. */
  opened<Thing extends Closable>(thing: Thing): Thing;
  /** Ends the process with 1, in order: for what the part cannot live without. */
  onFatal(error: Error): void;
}

/** The life of a process that is one part of the shop: start, serve, close in order on a signal or a fatal error. */
export async function runPart(
  name: string,
  log: Logger,
  start: (process: PartStart) => Promise<Closable & { url: string }>,
): Promise<void> {
  const closables: Closable[] = [];
  const shutdown = closeOnSignal(async () => {
    for (const closable of closables.toReversed()) await closable.close();
  }, log);
  const opened = <Thing extends Closable>(thing: Thing): Thing => {
    closables.push(thing);
    return thing;
  };
  try {
    const { url } = opened(await start({ opened, onFatal: shutdown.fail }));
    log.info({ url }, `${name} is listening`);
  } catch (error) {
    shutdown.fail(error instanceof Error ? error : new Error(String(error)));
  }
}
