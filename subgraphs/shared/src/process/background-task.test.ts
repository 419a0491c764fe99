import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startBackgroundTask } from './background-task.ts';
import { silentLog } from './log.ts';

test('runs at once and again, never twice at a time, until it is stopped', async () => {
  let runs = 0;
  let running = 0;
  let most = 0;
  const enough = Promise.withResolvers<void>();
  const task = async () => {
    most = Math.max(most, ++running);
    await sleep(3);
    running--;
    if (++runs === 3) enough.resolve();
  };
  const { stop } = startBackgroundTask({ name: 'sweep', everyMs: 1, log: silentLog, task });
  await enough.promise;
  await stop();
  const atStop = runs;
  await sleep(20);
  expect(runs).toBe(atStop);
  expect(most).toBe(1);
});

test('goes on after a failure, and says one line per outage', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  // Two outages, of two failures and of one.
  const outcomes = ['down', 'down', 'up', 'down', 'up'];
  const done = Promise.withResolvers<void>();
  const task = async () => {
    const outcome = outcomes.shift();
    if (outcomes.length === 0) done.resolve();
    if (outcome === 'down') throw new Error('away');
  };
  const { stop } = startBackgroundTask({ name: 'sweep', everyMs: 1, log, task });
  await done.promise;
  await stop();
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('sweep fails');
});

test('stop tells the run that is going on, waits for it, and does not wait out the pause', async () => {
  let end = '';
  const started = Promise.withResolvers<void>();
  const task = async (signal: AbortSignal) => {
    started.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await sleep(5);
    end = 'finished';
  };
  const { stop } = startBackgroundTask({ name: 'sweep', everyMs: 3_600_000, log: silentLog, task });
  await started.promise;
  await stop();
  expect(end).toBe('finished');
  await stop();
});
