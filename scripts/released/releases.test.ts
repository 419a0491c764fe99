import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { subgraphNames } from '../start/subgraph-names.ts';
import { deploysOf, leftBehindOf } from './mixes.ts';
import { readReleases, releasesFile } from './releases.ts';

const root = dirname(dirname(import.meta.dirname));
const releases = readReleases(root);

test(`${releasesFile} names subgraphs of supergraph.yaml, each once`, () => {
  const names = releases.map(({ name }) => name);
  expect(subgraphNames).toEqual(expect.arrayContaining(names));
  const written = readFileSync(join(root, releasesFile), 'utf8').match(/^ {2}"/gm);
  expect(written).toHaveLength(names.length);
});

test('each release is mixed with the others both ways', () => {
  const release = (name: string) => ({ name, version: '1.2.3', commit: 'a'.repeat(40) });
  const three = ['users', 'orders', 'images'].map(release);
  const both = [...deploysOf(three), ...leftBehindOf(three)];
  expect(both.map(({ part, released }) => [part, ...released])).toEqual([
    ['users', 'orders', 'images'],
    ['orders', 'users', 'images'],
    ['images', 'users', 'orders'],
    ['users', 'users'],
    ['orders', 'orders'],
    ['images', 'images'],
  ]);
});
