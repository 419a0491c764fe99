import { expect, test } from 'vitest';
import { type RunningScript, runScript } from '../../test/run-script.ts';

/** A process with a server's timer that closes like this, and what it does once it runs. */
async function start(close: string, then = ''): Promise<RunningScript> {
  const script = `
    import { closeOnSignal } from './shutdown.ts';
    import { silentLog } from './log.ts';
    import { setTimeout as sleep } from 'node:timers/promises';
    let closes = 0;
    const serving = setInterval(() => undefined, 1_000);
    const { fail } = closeOnSignal(async () => { console.log('closing ' + ++closes); ${close} }, silentLog);
    console.log('serving');
    ${then}
  `;
  const running = runScript(script, import.meta.url);
  await running.untilSays('serving');
  return running;
}

function closesOf({ output }: RunningScript): number {
  return output().split('closing').length - 1;
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s closes and exits with 0', async (signal) => {
  const running = await start('await sleep(20); console.log("closed");');
  running.child.kill(signal);
  expect(await running.ended).toBe(0);
  expect(running.output()).toContain('closed');
  expect(closesOf(running)).toBe(1);
});

test('a second signal neither closes again nor cuts the first', async () => {
  const running = await start('await sleep(200); console.log("closed");');
  running.child.kill('SIGINT');
  await running.untilSays('closing');
  running.child.kill('SIGINT');
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(running.output()).toContain('closed');
  expect(closesOf(running)).toBe(1);
});

test.each([
  ['an error that nobody caught', 'setTimeout(() => { throw new Error("bug"); });'],
  ['a rejection that nobody caught', 'Promise.reject(new Error("bug"));'],
  ['a fatal error', 'fail(new Error("fenced"));'],
])('%s closes and exits with 1', async (_, then) => {
  const running = await start('', then);
  expect(await running.ended).toBe(1);
  expect(closesOf(running)).toBe(1);
});

test.each([
  ['rejects', 'throw new Error("no");'],
  ['hangs', 'await new Promise(() => undefined);'],
  ['hangs with nothing left to wait for', 'clearInterval(serving); await new Promise(() => undefined);'],
])('a close that %s exits with 1', async (_, close) => {
  const running = await start(close);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(1);
});
