import { expect, test } from 'vitest';
import { runScript } from '../../test/run-script.ts';

function startPart(body: string) {
  const script = `
    import { runPart } from './run-part.ts';
    import { silentLog } from './log.ts';
    const closable = (name) => ({ url: name, close: async () => console.log('closed ' + name) });
    setInterval(() => undefined, 1_000);
    await runPart('orders', silentLog, async ({ opened, onFatal }) => { ${body} });
    console.log('serving');
  `;
  return runScript(script, import.meta.url);
}

const everything = `opened(closable('documents')); opened(closable('events'));`;

/** What was closed, in order. */
function closed(output: string): string[] {
  return output.split('\n').filter((line) => line.startsWith('closed'));
}

test('a signal closes what was opened, the last first', async () => {
  const part = startPart(`${everything} return closable('server');`);
  await part.untilSays('serving');
  part.child.kill('SIGTERM');
  expect(await part.ended).toBe(0);
  expect(closed(part.output())).toEqual(['closed server', 'closed events', 'closed documents']);
});

test('a start that fails closes what was opened until then, and exits with 1', async () => {
  const part = startPart(`${everything} throw new Error('the port is in use');`);
  expect(await part.ended).toBe(1);
  expect(closed(part.output())).toEqual(['closed events', 'closed documents']);
});

test('a fatal error while serving closes everything, and exits with 1', async () => {
  const part = startPart(`${everything} setTimeout(() => onFatal(new Error('gone')), 50);
    return closable('server');`);
  expect(await part.ended).toBe(1);
  expect(closed(part.output())).toEqual(['closed server', 'closed events', 'closed documents']);
});
