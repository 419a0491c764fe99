import type { Logger } from './log.ts';
import { type Closable, runUntilSignal } from './run-until-signal.ts';

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
  await runUntilSignal(log, async (closables, onFatal) => {
    const opened = <Thing extends Closable>(thing: Thing): Thing => {
      closables.push(thing);
      return thing;
    };
    const { url } = opened(await start({ opened, onFatal }));
    log.info({ url }, `${name} is listening`);
  });
}
