import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitOf, hasHistory } from './git.ts';

let folder: string;
let clone: string;
let [first, second] = ['', ''];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-history-'));
  clone = join(folder, 'clone');
  const origin = join(folder, 'origin');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@mail.example', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '--quiet', origin);
  const commit = (text: string) => {
    writeFileSync(join(origin, 'file'), text);
    git('-C', origin, 'add', 'file');
    git('-C', origin, 'commit', '--quiet', '-m', text);
    return git('-C', origin, 'rev-parse', 'HEAD');
  };
  first = commit('first');
  second = commit('second');
  git('-C', origin, 'tag', 'orders@0.2.0', second);
  git('-C', origin, 'tag', '-a', '-m', 'all of it', 'v0.3.0', second);
  git('clone', '--quiet', '--depth', '1', `file://${origin}`, clone);
  git('clone', '--quiet', origin, join(folder, 'whole'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const release = (version: string) => ({ name: 'orders', version, commit: first });

test('without a tag it is the commit that was recorded', () => {
  expect(commitOf(join(folder, 'whole'), release('0.1.0'))).toBe(first);
});

test.each(['0.2.0', '0.3.0'])('the tag of %s counts for more', (version) => {
  expect(commitOf(join(folder, 'whole'), release(version))).toBe(second);
});

test('a history that is cut off before it is a clear failure', () => {
  expect(() => commitOf(clone, release('0.1.0'))).toThrow(/fetch the whole history/);
});

test('a folder without .git has no history', () => {
  expect([clone, folder].map(hasHistory)).toEqual([true, false]);
});
