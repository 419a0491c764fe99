import { join } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { apiSdlOf } from './compose-public.ts';
import { compareComposedFiles } from './composed-files.ts';

const root = join(import.meta.dirname, '../..');

test('the committed supergraph, public API and manifest are up to date', () => {
  const result = compareComposedFiles(root);
  if (result.kind === 'invalid') throw new Error(result.message);
  expect(result.files.map(({ path, isCurrent }) => [path, isCurrent])).toEqual([
    [join(root, 'contracts/supergraph.graphql'), true],
    [join(root, 'contracts/api.graphql'), true],
    [join(root, 'contracts/operations/manifest.json'), true],
  ]);
});

test('every operation of clients is valid on its graph', () => {
  const result = compareComposedFiles(root);
  if (result.kind === 'invalid') throw new Error(result.message);
  const [whole, open] = result.files.map(({ text }) => text);
  const apis = {
    public: buildSchema(open ?? ''),
    internal: buildSchema(apiSdlOf(whole ?? '')),
  };
  const operations = readClientOperations(join(root, 'contracts/operations'));
  expect(new Set(operations.map(({ variant }) => variant))).toEqual(new Set(['public', 'internal']));
  for (const { name, variant, body } of operations) {
    expect(validate(apis[variant], parse(body)), name).toEqual([]);
    if (variant === 'internal') expect(validate(apis.public, parse(body)), name).not.toEqual([]);
  }
});
