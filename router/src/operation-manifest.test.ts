import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClientOperation, operationsOf } from './client-operations.ts';
import { manifestOf, readKnownDocuments, readReleasedDocuments } from './operation-manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operations-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, operations: ClientOperation[]) =>
  writeFileSync(join(folder, file), manifestOf(operations));
const now = operationsOf('a.graphql', 'query A { a } mutation B { b }');
const before = operationsOf('a.graphql', 'query A { a { old } } mutation B { b }');

test('reads what it wrote, of the public graph alone', () => {
  write('manifest.json', [...now, ...operationsOf('internal/c.graphql', 'query C { c }')]);
  expect(readKnownDocuments(folder)).toEqual(
    now.map(({ id, name, type, body }) => ({ id, name, type, body })),
  );
});

test('clients that are still about have their documents, which may have the names of those of today', () => {
  write('manifest.json', now);
  mkdirSync(join(folder, 'released'));
  write('released/2026-10.json', before);
  writeFileSync(join(folder, 'released/README.md'), 'not a manifest');
  const ids = readKnownDocuments(folder).map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids)).toEqual(new Set([...now, ...before].map(({ id }) => id)));
  expect(readReleasedDocuments(folder)).toMatchObject([
    { name: 'A', variant: 'public', at: 'released/2026-10.json', body: before[0]?.body },
    { name: 'B' },
  ]);
});

test.each([
  ['is not JSON', '{', 'is not JSON'],
  ['is another format', '{"format":"relay","version":1,"operations":[]}', 'format'],
  ['is another version', manifestOf(now).replace('"version": 1', '"version": 2'), 'version'],
  ['lacks a body', manifestOf(now).replaceAll('"body"', '"text"'), 'body'],
  [
    'has an id that is not of its document',
    manifestOf(now).replace('query A {', 'query A { x'),
    'the id of A',
  ],
])('names a manifest that %s', (_, text, what) => {
  writeFileSync(join(folder, 'manifest.json'), text);
  expect(() => readKnownDocuments(folder)).toThrow(what);
  expect(() => readKnownDocuments(folder)).toThrow('manifest.json');
});

test('names a manifest that is not there', () => {
  expect(() => readKnownDocuments(folder)).toThrow('manifest.json');
});
