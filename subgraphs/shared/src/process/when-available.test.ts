import { pino } from 'pino';
import { expect, test } from 'vitest';
import { UnavailableError } from '../unavailable.ts';
import { silentLog } from './log.ts';
import { whenAvailable } from './when-available.ts';

test('tries again until the server is there, and says so once', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  let attempts = 0;
  const step = async () => {
    if (++attempts < 4) throw new UnavailableError('no primary yet');
    return 'indexes';
  };
  expect(await whenAvailable(step, { log, pauseMs: 1 })).toBe('indexes');
  expect(attempts).toBe(4);
  expect(lines).toHaveLength(1);
});

test('gives up in the end, with the reason', async () => {
  const step = () => Promise.reject(new UnavailableError('no primary yet'));
  await expect(whenAvailable(step, { log: silentLog, withinMs: 20, pauseMs: 1 })).rejects.toThrow(
    'no primary yet',
  );
});

test('any other error is not tried again', async () => {
  let attempts = 0;
  const step = async () => {
    attempts++;
    throw new Error('an index differs');
  };
  await expect(whenAvailable(step, { log: silentLog })).rejects.toThrow('an index differs');
  expect(attempts).toBe(1);
});
