import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLastGood } from './last-good.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-last-good-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was written last is read, by another process too; nothing else is left', async () => {
  const file = join(folder, 'data', 'graph.graphql');
  const lastGood = createLastGood(file);
  expect(await lastGood.read()).toBeNull();
  await lastGood.write('one');
  await lastGood.write('two');
  expect(await createLastGood(file).read()).toBe('two');
  expect(readdirSync(join(folder, 'data'))).toEqual(['graph.graphql']);
});

test('what cannot be kept, or read, is said', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(createLastGood(join(folder, 'file', 'graph')).write('one')).rejects.toThrow();
  mkdirSync(join(folder, 'taken'));
  await expect(createLastGood(join(folder, 'taken')).write('one')).rejects.toThrow();
  await expect(createLastGood(join(folder, 'taken')).read()).rejects.toThrow('EISDIR');
  expect(readdirSync(folder).toSorted()).toEqual(['file', 'taken']);
});
