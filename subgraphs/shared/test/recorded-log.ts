import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A logger that keeps every line at every level, without redaction, for a test to look at. */
export function createRecordedLog(): { log: Logger; text(): string } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: pino({ level: 'trace' }, stream), text: () => lines.join('') };
}
