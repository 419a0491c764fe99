import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replaceSubgraphs, rollBackTo } from './change.ts';
import { DamagedStoreError } from './entry.ts';
import { openStore } from './open-store.ts';
import { publish } from './publish.ts';
import { repair } from './repair.ts';
import type { Store } from './store.ts';
import { once, plainPublisher, revisionIn, subgraph } from './test/plain-publisher.ts';

let folder: string;
let file: string;
let store: Store;
let ids: string[];
let intact: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'publish-damage-'));
  file = join(folder, 'supergraph.graphql');
  store = openStore(folder);
  ids = [];
  for (const revision of [1, 2, 3]) {
    const change = replaceSubgraphs([subgraph('users', revision)]);
    const outcome = await publish(plainPublisher(store), change, { ...once, isNewStore: true });
    if (outcome.kind === 'published') ids.push(outcome.entry.id);
  }
  intact = readFileSync(file, 'utf8');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const publishNext = () => publish(plainPublisher(store), replaceSubgraphs([subgraph('users', 4)]), once);

const damages: Record<string, () => void> = {
  'edited by hand': () => writeFileSync(file, intact.replace('users_3', 'users_9')),
  'cut in its middle': () => truncateSync(file, intact.length - 10),
  'with the head of another': () => writeFileSync(file, intact.replace(ids[2]!, ids[1]!)),
};

describe.each(Object.entries(damages))('a supergraph %s', (_, damage) => {
  test('stops every publish until it is repaired', async () => {
    damage();
    const damaged = readFileSync(file, 'utf8');
    await expect(publishNext()).rejects.toThrow(DamagedStoreError);
    await expect(publishNext()).rejects.toThrow('does not match the hash of its entry');
    expect(readFileSync(file, 'utf8')).toBe(damaged);
    expect(await repair(store, null)).toMatchObject({ kind: 'repaired' });
    expect(await publishNext()).toMatchObject({ kind: 'published' });
  });
});

describe('a repair', () => {
  test('brings back what the entry says', async () => {
    damages['edited by hand']?.();
    expect(await repair(store, null)).toEqual({ kind: 'repaired', id: ids[2] });
    expect(readFileSync(file, 'utf8')).toBe(intact);
    expect(await repair(store, null)).toEqual({ kind: 'intact', id: ids[2] });
  });

  test.each(['', 'type Query { a: Int }', null])(
    'of a supergraph that is %j needs the entry',
    async (text) => {
      if (text === null) rmSync(file);
      else writeFileSync(file, text);
      expect(await repair(store, null)).toMatchObject({ kind: 'impossible' });
      expect(await repair(store, '20260101T000000Z-0123456789abcdef')).toMatchObject({ kind: 'impossible' });
      expect(await repair(store, ids[2]!)).toEqual({ kind: 'repaired', id: ids[2] });
      expect(readFileSync(file, 'utf8')).toBe(intact);
    },
  );

  test('to another entry than the one it names would be a rollback without a trace', async () => {
    damages['edited by hand']?.();
    expect(await repair(store, ids[0]!)).toMatchObject({ kind: 'impossible' });
  });
});

test('a supergraph that was lost is not taken for an empty store', async () => {
  rmSync(file);
  expect(await publishNext()).toMatchObject({ kind: 'impossible' });
});

test.each([
  [
    'edited',
    (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('"Ada"', '"Eve"')),
    'match its hash',
  ],
  ['lost', (path: string) => rmSync(path), 'is missing'],
])('an entry that was %s is not rolled back to', async (_, damage, problem) => {
  damage(join(folder, `history/${ids[0]}.json`));
  await expect(publish(plainPublisher(store), rollBackTo(ids[0]!), once)).rejects.toThrow(problem);
  expect(await publish(plainPublisher(store), rollBackTo(ids[1]!), once)).toMatchObject({
    kind: 'published',
  });
  expect(revisionIn(readFileSync(file, 'utf8'), 'users')).toBe(2);
});
