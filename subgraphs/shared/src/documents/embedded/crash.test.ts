import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbeddedDocuments } from './open-embedded-documents.ts';

const writer = fileURLToPath(new URL('../../../test/acknowledging-writer.ts', import.meta.url));
let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts the writer, and calls back with what it has acknowledged whenever that grows. */
function startWriter(file: string, onAcknowledged: (last: number) => void): ChildProcess {
  const started = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  started.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    const last = lines.at(-1);
    if (last) onAcknowledged(Number(last));
  });
  return started;
}

it('keeps every acknowledged write through kill -9', async () => {
  const file = join(folder, 'shop.sqlite');
  let acknowledged = 0;
  const writing = startWriter(file, (last) => {
    acknowledged = last;
    if (last > 300) writing.kill('SIGKILL');
  });
  child = writing;
  const [, signal] = await once(writing, 'close');
  expect(signal).toBe('SIGKILL');
  const store = openEmbeddedDocuments({ file });
  const collection = store.collection<{ _id: string; n: number; name: string }>('writes');
  const ids = Array.from({ length: acknowledged }, (_, at) => `d${at + 1}`);
  expect(await collection.countDocuments({ _id: { $in: ids } })).toBe(acknowledged);
  const counter = await collection.findOne({ _id: 'counter' });
  expect(counter?.n).toBeGreaterThanOrEqual(acknowledged);
  // The documents and their index agree.
  const all = await collection.countDocuments({});
  expect(await collection.countDocuments({ name: /^/ })).toBe(all);
  await store.close();
});

it('is refused while another process has it', async () => {
  const file = join(folder, 'shop.sqlite');
  const writing = startWriter(file, () => writing.emit('acknowledged'));
  child = writing;
  await once(writing, 'acknowledged');
  expect(() => openEmbeddedDocuments({ file })).toThrow(`${file} is in use by another process`);
  writing.kill('SIGKILL');
  await once(writing, 'close');
  await openEmbeddedDocuments({ file }).close();
});
