import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { compareComposedFiles } from './composed-files.ts';

const root = join(import.meta.dirname, '../..');

test('the committed supergraph and public API are what the schemas compose to', () => {
  const result = compareComposedFiles(root);
  if (result.kind === 'invalid') throw new Error(result.message);
  expect(result.files.map(({ path, isCurrent }) => [path, isCurrent])).toEqual([
    [join(root, 'contracts/supergraph.graphql'), true],
    [join(root, 'contracts/api.graphql'), true],
  ]);
});

test('every operation of clients is valid in the public API', () => {
  const api = buildSchema(readFileSync(join(root, 'contracts/api.graphql'), 'utf8'));
  const folder = join(root, 'contracts/operations');
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  expect(files).not.toHaveLength(0);
  for (const file of files) {
    const document = parse(readFileSync(join(folder, file), 'utf8'));
    for (const operation of document.definitions) {
      expect(validate(api, { ...document, definitions: [operation] })).toEqual([]);
    }
  }
  expect(validate(api, parse('{ product(id: "1") { inventory { sold } } }'))).not.toEqual([]);
});
