import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UnavailableError } from '../unavailable.ts';
import { withFileLock } from './file-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that runs this code; `lock`, `folder`, `fs` and `withFileLock` are there. */
function startProcess(code: string) {
  const source = `import * as fs from 'node:fs';
    import { withFileLock } from '${new URL('./file-lock.ts', import.meta.url)}';
    const folder = ${JSON.stringify(folder)}, lock = folder + '/.lock';
    ${code}`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source];
  return spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('processes that add to a file one after the other lose nothing', async () => {
  writeFileSync(join(folder, 'count'), '0');
  const adds = `for (let i = 0; i < 50; i++) withFileLock(lock, 20_000, () => {
    fs.writeFileSync(folder + '/count', String(Number(fs.readFileSync(folder + '/count', 'utf8')) + 1));
  });`;
  const codes = await Promise.all([1, 2, 3, 4].map(async () => (await once(startProcess(adds), 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('200');
});

test('a holder that is killed leaves no lock; while it lives, others wait in vain', async () => {
  const lock = join(folder, '.lock');
  const holder = startProcess(`withFileLock(lock, 0, () => {
    fs.writeSync(1, 'held');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000);
  });`);
  await once(holder.stdout, 'data');
  expect(() => withFileLock(lock, 20, () => 'done')).toThrow(UnavailableError);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(withFileLock(lock, 0, () => 'done')).toBe('done');
});

test('work that throws lets go, and so does work within work', () => {
  const lock = join(folder, '.lock');
  const failing = () => {
    throw new Error('no');
  };
  expect(() => withFileLock(lock, 0, failing)).toThrow('no');
  const nested = () => withFileLock(lock, 0, () => withFileLock(lock, 0, () => 'inner'));
  expect(nested).toThrow(UnavailableError);
  expect(withFileLock(lock, 0, () => 'done')).toBe('done');
});

test('a group whose umask allows it can share the lock', () => {
  const before = process.umask(0o002);
  try {
    withFileLock(join(folder, '.lock'), 0, () => undefined);
  } finally {
    process.umask(before);
  }
  expect(statSync(join(folder, '.lock')).mode & 0o777).toBe(0o664);
});
