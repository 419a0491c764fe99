import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitOf, hasHistory } from './git.ts';
import { createRepository } from './test-repository.ts';

let folder: string;
let whole: string;
let cutOff: string;
let [first, second] = ['', ''];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-history-'));
  whole = join(folder, 'whole');
  cutOff = join(folder, 'cut-off');
  const { git, commit } = createRepository(whole);
  first = commit({ file: 'first' });
  second = commit({ file: 'second' });
  git('tag', 'orders@0.2.0', second);
  git('tag', '--annotate', '--message', 'all of it', 'v0.3.0', second);
  git('clone', '--quiet', '--depth', '1', `file://${whole}`, cutOff);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const release = (version: string) => ({ name: 'orders', version, commit: first });

test('without a tag it is the commit that was recorded', () => {
  expect(commitOf(whole, release('0.1.0'))).toBe(first);
});

test.each(['0.2.0', '0.3.0'])('the tag of %s counts for more', (version) => {
  expect(commitOf(whole, release(version))).toBe(second);
});

test('a history that is cut off before it is a clear failure', () => {
  expect(() => commitOf(cutOff, release('0.1.0'))).toThrow(/fetch the whole history/);
});

test('what keeps git from reading the history is told as it is', () => {
  mkdirSync(join(folder, 'broken/.git'), { recursive: true });
  expect(() => commitOf(join(folder, 'broken'), release('0.1.0'))).toThrow(/not a git repository/);
});

test('a folder without .git has no history', () => {
  expect([whole, cutOff, folder].map(hasHistory)).toEqual([true, true, false]);
});
