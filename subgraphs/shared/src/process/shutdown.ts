import type { Logger } from './log.ts';

// Below the 5 s that a person waits after Ctrl-C, and far below an orchestrator's usual 10..30 s.
const deadlineMs = 4_500;

/**
 * Ends the process in order: on SIGINT or SIGTERM `close` runs once and the exit code is 0; a defect that
 * nobody caught closes as well and exits with 1; a close that takes longer than 4.5 s is cut off with 1.
 * Signals after the first are ignored: a terminal's Ctrl-C often arrives more than once.
 */
export function closeOnSignal(close: () => Promise<void>, log: Logger): { fail: (error: Error) => void } {
  let isEnding = false;
  const end = (exitCode: number) => {
    if (isEnding) return;
    isEnding = true;
    // It keeps the process alive: a close that waits for nothing that can come would else end it with 0.
    setTimeout(() => {
      log.error(`not closed after ${deadlineMs} ms: ending now`);
      process.exit(1);
    }, deadlineMs);
    close().then(
      () => process.exit(exitCode),
      (error) => {
        log.error({ err: error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  const fail = (error: Error) => {
    // What a part still tries while its servers are being let go of may well fail.
    if (isEnding) return log.warn({ err: error }, 'failed while closing');
    log.fatal({ err: error }, error.message);
    end(1);
  };
  process.on('SIGINT', () => end(0));
  process.on('SIGTERM', () => end(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', (reason) =>
    fail(reason instanceof Error ? reason : new Error(String(reason))),
  );
  return { fail };
}
