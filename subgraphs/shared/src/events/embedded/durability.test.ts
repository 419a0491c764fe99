import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEmbeddedEvents } from '../open-embedded-events.ts';

const log = pino({ level: 'silent' });
let folder: string;
let file: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'events-kill-'));
  file = join(folder, 'events.sqlite');
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Publishes without end, says what was acknowledged, and reads as group `g`, saying what it has committed. */
const program = () => `
  import { openEmbeddedEvents } from ${JSON.stringify(new URL('../open-embedded-events.ts', import.meta.url).href)};
  import { pino } from ${JSON.stringify(import.meta.resolve('pino'))};
  const events = openEmbeddedEvents({ file: ${JSON.stringify(file)}, log: pino({ level: 'silent' }) });
  await events.createTopics([{ topic: 't', partitions: 3 }]);
  await events.subscribe({ group: 'g', topics: ['t'], maxBatch: 5 }, async ({ records }) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    console.log('handled', records.map((record) => record.value).join(' '));
  });
  for (let n = 0; ; n += 4) {
    const values = [n, n + 1, n + 2, n + 3].map(String);
    await events.publish('t', values.map((value) => ({ key: value, value })));
    console.log('stored', values.join(' '));
  }
`;

test('what was acknowledged survives kill -9; what was committed does not come again, apart from the last batches', async () => {
  child = spawn(process.execPath, ['--input-type=module', '-e', program()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stored: string[] = [];
  const handled: string[] = [];
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => {
    const [what, ...values] = line.split(' ');
    (what === 'stored' ? stored : handled).push(...values);
    if (stored.length > 2_000 && handled.length > 500) child?.kill('SIGKILL');
  });
  const exited = once(child, 'exit');
  const closed = once(lines, 'close');
  await exited;
  await closed;

  const events = openEmbeddedEvents({ file, log });
  const all: string[] = [];
  const rest: string[] = [];
  await events.subscribe({ group: 'fresh', topics: ['t'] }, async ({ records }) => {
    all.push(...records.map((record) => record.value!));
  });
  await events.subscribe({ group: 'g', topics: ['t'] }, async ({ records }) => {
    rest.push(...records.map((record) => record.value!));
  });
  await vi.waitFor(() => expect(stored.filter((value) => !all.includes(value))).toEqual([]), {
    timeout: 20_000,
  });
  expect(new Set(all).size).toBe(all.length);
  await vi.waitFor(() => expect(new Set([...handled, ...rest])).toEqual(new Set(all)), { timeout: 20_000 });
  // One batch of each of the three partitions may have been handled and not yet committed.
  expect(rest.filter((value) => handled.includes(value)).length).toBeLessThanOrEqual(15);
  await events.close();
});

test('a file that another process has is refused by its name', async () => {
  child = spawn(process.execPath, ['--input-type=module', '-e', program()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  expect(() => openEmbeddedEvents({ file, log })).toThrow(`${file} is in use by another process`);
});

test('a file that is no log is refused by its name', () => {
  writeFileSync(file, Buffer.alloc(8_192, 'Z'));
  expect(() => openEmbeddedEvents({ file, log })).toThrow(
    `cannot open ${file}: Error: file is not a database`,
  );
  const nowhere = join(folder, 'nowhere', 'events.sqlite');
  expect(() => openEmbeddedEvents({ file: nowhere, log })).toThrow(`cannot open ${nowhere}: `);
});
