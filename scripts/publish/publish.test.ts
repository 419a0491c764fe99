import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeSubgraph, replaceSubgraphs, rollBackTo } from './change.ts';
import { sha256Of } from './entry.ts';
import { readHead, walkHistory } from './head.ts';
import { openStore } from './open-store.ts';
import { type PublishOptions, publish } from './publish.ts';
import type { Store } from './store.ts';
import { once, plainPublisher, revisionIn, subgraph } from './test/plain-publisher.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'publish-'));
  store = openStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const first: PublishOptions = { ...once, isNewStore: true };
const supergraph = () => readFileSync(join(folder, 'supergraph.graphql'), 'utf8');

async function publishRevision(name: string, revision: number, by = 'Ada', options = once): Promise<string> {
  const outcome = await publish(
    plainPublisher(store, by),
    replaceSubgraphs([subgraph(name, revision)]),
    options,
  );
  if (outcome.kind !== 'published') throw new Error(outcome.kind);
  return outcome.entry.id;
}

async function history(): Promise<string[]> {
  const head = await readHead(store);
  const ids: string[] = [];
  if (head) for await (const { id } of walkHistory(store, head, 100)) ids.push(id);
  return ids;
}

describe('a publish', () => {
  test('into an empty store has to say so: it may be the wrong one', async () => {
    const change = replaceSubgraphs([subgraph('users', 1)]);
    const outcome = await publish(plainPublisher(store), change, once);
    expect(outcome).toMatchObject({ kind: 'impossible', message: expect.stringContaining('--new-store') });
    expect(await publish(plainPublisher(store), change, first)).toMatchObject({ kind: 'published' });
  });

  test('replaces one subgraph, leaves the others, and says who did what when', async () => {
    const both = replaceSubgraphs([subgraph('users', 1), subgraph('orders', 1)]);
    await publish(plainPublisher(store), both, first);
    const [parent] = await history();
    const before = Date.now();
    const id = await publishRevision('orders', 2, 'Grace');
    expect([revisionIn(supergraph(), 'users'), revisionIn(supergraph(), 'orders')]).toEqual([1, 2]);
    const { entry } = (await readHead(store))!;
    expect(entry).toMatchObject({
      parent,
      by: 'Grace',
      action: { kind: 'publish', subgraphs: ['orders'] },
      subgraphs: [
        {
          name: 'orders',
          routingUrl: 'http://127.0.0.1/orders',
          sha256: sha256Of(subgraph('orders', 2).schema),
        },
        { name: 'users', schema: subgraph('users', 1).schema },
      ],
      supergraphSha256: sha256Of(entry.supergraphSdl),
    });
    expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(before);
    expect(await history()).toEqual([id, parent]);
  });

  test('writes a supergraph that names its entry and its hash, and is still GraphQL', async () => {
    const id = await publishRevision('users', 1, 'Ada', first);
    const [, entryLine, hashLine, ...rest] = supergraph().split('\n');
    expect([entryLine, hashLine]).toEqual([`# entry: ${id}`, `# sha256: ${sha256Of(rest.join('\n'))}`]);
    expect(parse(supergraph()).definitions.length).toBeGreaterThan(0);
  });

  test('without a URL keeps the one that there is; a new subgraph needs one', async () => {
    await publishRevision('users', 1, 'Ada', first);
    const withoutUrl = (name: string) => replaceSubgraphs([{ ...subgraph(name, 2), routingUrl: null }]);
    expect(await publish(plainPublisher(store), withoutUrl('users'), once)).toMatchObject({
      kind: 'published',
      entry: { entry: { subgraphs: [{ routingUrl: 'http://127.0.0.1/users' }] } },
    });
    expect(await publish(plainPublisher(store), withoutUrl('orders'), once)).toMatchObject({
      kind: 'impossible',
    });
  });

  test('of what is there already writes nothing; another URL is a change', async () => {
    const id = await publishRevision('users', 1, 'Ada', first);
    const same = replaceSubgraphs([subgraph('users', 1)]);
    expect(await publish(plainPublisher(store, 'Grace'), same, once)).toMatchObject({
      kind: 'unchanged',
      head: { id },
    });
    const moved = replaceSubgraphs([{ ...subgraph('users', 1), routingUrl: 'http://127.0.0.2/users' }]);
    expect(await publish(plainPublisher(store), moved, once)).toMatchObject({ kind: 'published' });
    expect(supergraph()).toContain('http://127.0.0.2/users');
  });

  test('that the check refuses, or that is dry, writes nothing', async () => {
    await publishRevision('users', 1, 'Ada', first);
    const before = supergraph();
    const broken = replaceSubgraphs([{ ...subgraph('orders', 1), schema: 'type Query { orders: Nowhere }' }]);
    const refused = await publish(plainPublisher(store), broken, once);
    expect(refused).toMatchObject({ kind: 'refused', findings: [{ code: 'INVALID_GRAPHQL' }] });
    const change = replaceSubgraphs([subgraph('orders', 1)]);
    const dry = await publish(plainPublisher(store), change, { ...once, isDryRun: true });
    expect(dry).toMatchObject({ kind: 'would-publish' });
    expect(supergraph()).toBe(before);
  });

  test('is checked against what it replaces', async () => {
    await publishRevision('users', 1, 'Ada', first);
    const bases: (string | null)[] = [];
    const { check, ...rest } = plainPublisher(store);
    const publisher = {
      ...rest,
      check: (subgraphs: Parameters<typeof check>[0], base: string | null) => {
        bases.push(base);
        return check(subgraphs, base);
      },
    };
    await publish(publisher, replaceSubgraphs([subgraph('users', 2)]), once);
    expect(bases.map((base) => revisionIn(base ?? '', 'users'))).toEqual([1]);
  });
});

test('an error that is served already stops nobody; another one does', async () => {
  await publishRevision('users', 1, 'Ada', first);
  const plain = plainPublisher(store);
  const strict = {
    ...plain,
    check: async (...asked: Parameters<typeof plain.check>) => {
      const findings = asked[0].map(({ name }) => {
        return {
          code: 'LINT',
          severity: 'error' as const,
          message: `${name} is old`,
          locations: [`${asked[0].length}`],
        };
      });
      return { ...(await plain.check(...asked)), ok: false, findings };
    },
  };
  expect(await publish(strict, replaceSubgraphs([subgraph('users', 2)]), once)).toMatchObject({
    kind: 'published',
    findings: [{ severity: 'note', message: expect.stringMatching(/^users is old/) }],
  });
  expect(await publish(strict, replaceSubgraphs([subgraph('orders', 1)]), once)).toMatchObject({
    kind: 'refused',
    findings: [
      { severity: 'error', message: 'orders is old' },
      { severity: 'note', message: expect.stringMatching(/^users is old/) },
    ],
  });
});

describe('when somebody publishes meanwhile', () => {
  /** Grace publishes orders while the first of our supergraphs is on its way. */
  function overtakenOnce(): Store {
    let isDue = true;
    return {
      ...store,
      async write(key, text, expectedVersion) {
        if (key === 'supergraph.graphql' && isDue) {
          isDue = false;
          await publishRevision('orders', 2, 'Grace');
        }
        return store.write(key, text, expectedVersion);
      },
    };
  }

  beforeEach(() =>
    publish(plainPublisher(store), replaceSubgraphs([subgraph('users', 1), subgraph('orders', 1)]), first),
  );

  test('nothing is written, and it is told who it was', async () => {
    const change = replaceSubgraphs([subgraph('users', 2)]);
    const outcome = await publish(plainPublisher(overtakenOnce()), change, once);
    const [head] = await history();
    expect(outcome).toMatchObject({ kind: 'overtaken', by: { id: head, entry: { by: 'Grace' } } });
    expect([revisionIn(supergraph(), 'users'), revisionIn(supergraph(), 'orders')]).toEqual([1, 2]);
  });

  test('a retry takes theirs, and both are served', async () => {
    const change = replaceSubgraphs([subgraph('users', 2)]);
    const outcome = await publish(plainPublisher(overtakenOnce()), change, { ...once, retries: 1 });
    expect(outcome).toMatchObject({ kind: 'published' });
    expect([revisionIn(supergraph(), 'users'), revisionIn(supergraph(), 'orders')]).toEqual([2, 2]);
    expect(await history()).toHaveLength(3);
  });

  test('on top of ours, whose answer was lost, ours is published', async () => {
    const lossy: Store = {
      ...store,
      async write(key, text, expectedVersion) {
        const outcome = await store.write(key, text, expectedVersion);
        if (key !== 'supergraph.graphql') return outcome;
        await publishRevision('orders', 2, 'Grace');
        return 'conflict';
      },
    };
    const outcome = await publish(plainPublisher(lossy), replaceSubgraphs([subgraph('users', 2)]), once);
    expect(outcome).toMatchObject({ kind: 'published', entry: { entry: { by: 'Ada' } } });
    if (outcome.kind === 'published') expect((await history())[1]).toBe(outcome.entry.id);
  });
});

describe('a rollback', () => {
  test('is a new entry with the supergraph of the old one, to the letter', async () => {
    const one = await publishRevision('users', 1, 'Ada', first);
    const text = supergraph().split('\n').slice(3).join('\n');
    const two = await publishRevision('users', 2);
    const outcome = await publish(plainPublisher(store, 'Grace'), rollBackTo(one), once);
    expect(outcome).toMatchObject({
      kind: 'published',
      entry: { entry: { action: { kind: 'rollback', to: one } } },
    });
    expect(supergraph().split('\n').slice(3).join('\n')).toBe(text);
    expect((await history()).slice(1)).toEqual([two, one]);
    expect(await publish(plainPublisher(store), rollBackTo(one), once)).toMatchObject({ kind: 'unchanged' });
  });

  test('to what was never served is impossible', async () => {
    await publishRevision('users', 1, 'Ada', first);
    const lost: Store = {
      ...store,
      write: async (key, ...rest) => (key.startsWith('history') ? store.write(key, ...rest) : 'conflict'),
    };
    await publish(plainPublisher(lost), replaceSubgraphs([subgraph('users', 2)]), once);
    const [head] = await history();
    const orphan = readdirSync(join(folder, 'history'))
      .map((name) => name.slice(0, -5))
      .find((id) => id !== head)!;
    expect(await publish(plainPublisher(store), rollBackTo(orphan), once)).toMatchObject({
      kind: 'impossible',
    });
  });

  test('is checked too; forced, it is done and its reason kept', async () => {
    const one = await publishRevision('users', 1, 'Ada', first);
    await publishRevision('users', 2);
    const finding = { code: 'FIELD_REMOVED', severity: 'error' as const, message: 'gone', locations: [] };
    const publisher = {
      ...plainPublisher(store),
      check: async () => ({ ok: false, findings: [finding], composed: null }),
    };
    expect(await publish(publisher, rollBackTo(one), once)).toMatchObject({
      kind: 'refused',
      findings: [finding],
    });
    const forced = { ...once, forcedBecause: 'orders fail' };
    expect(await publish(publisher, rollBackTo(one), forced)).toMatchObject({
      kind: 'published',
      entry: { entry: { forced: { reason: 'orders fail', codes: ['FIELD_REMOVED'] } } },
    });
    expect(revisionIn(supergraph(), 'users')).toBe(1);
  });
});

test('a subgraph is removed, but not the last, nor one that is not there', async () => {
  await publish(
    plainPublisher(store),
    replaceSubgraphs([subgraph('users', 1), subgraph('orders', 1)]),
    first,
  );
  expect(await publish(plainPublisher(store), removeSubgraph('images'), once)).toMatchObject({
    kind: 'impossible',
  });
  expect(await publish(plainPublisher(store), removeSubgraph('orders'), once)).toMatchObject({
    kind: 'published',
  });
  expect(supergraph()).not.toContain('orders');
  expect(await publish(plainPublisher(store), removeSubgraph('users'), once)).toMatchObject({
    kind: 'impossible',
  });
});
