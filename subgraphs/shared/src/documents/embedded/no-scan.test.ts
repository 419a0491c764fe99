import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AnyDoc, anyUpdate } from '../../../test/documents-adapters.ts';
import type { Filter, Sort } from '../port.ts';
import { openEmbeddedDocuments } from './open-embedded-documents.ts';

const COUNT = 100_000;
const store = openEmbeddedDocuments({ file: ':memory:' });
const collection = store.collection<AnyDoc>('many');

function document(n: number): AnyDoc {
  const status = n % 1000 === 0 ? 'PENDING' : 'DONE';
  const key = n % 10 === 0 ? { key: `k${n}`, outboxAt: new Date(n) } : {};
  return {
    _id: `d${n}`,
    name: `n${n}`,
    user: `u${n % 5000}`,
    status,
    at: new Date(n),
    terms: ['all', `t${n}`],
    ...key,
  };
}

beforeAll(async () => {
  await collection.createIndexes([
    { key: { name: 1 }, unique: true },
    { key: { key: 1 }, unique: true, sparse: true },
    { key: { user: 1, at: -1, _id: -1 } },
    { key: { status: 1, at: 1 } },
    { key: { terms: 1 } },
    { key: { outboxAt: 1 }, sparse: true },
  ]);
  for (let from = 0; from < COUNT; from += 5000) {
    const writes = Array.from({ length: 5000 }, (_, n) => ({ insertOne: { document: document(from + n) } }));
    await collection.bulkWrite(writes);
  }
});
afterAll(() => store.close());

async function examinedBy(operation: () => Promise<unknown>): Promise<number> {
  const before = store.examined();
  await operation();
  return store.examined() - before;
}

// Of 100,000 documents: what is found, and how many documents are looked at for it.
const cases: [
  what: string,
  filter: Filter<AnyDoc>,
  sort: Sort | undefined,
  found: number,
  examined: number,
][] = [
  ['_id', { _id: 'd77777' }, undefined, 1, 1],
  ['_id and a guard', { _id: 'd77777', status: 'DONE' }, undefined, 1, 1],
  ['a list of _ids', { _id: { $in: ['d5', 'd99999', 'nobody'] } }, undefined, 2, 2],
  ['an unknown _id', { _id: 'nobody' }, undefined, 0, 0],
  ['a page of _ids', { _id: { $gt: 'd5' } }, { _id: 1 }, 20, 20],
  ['the first page of _ids', {}, { _id: 1 }, 20, 20],
  ['a unique key', { name: 'n4321' }, undefined, 1, 1],
  ['a sparse unique key', { key: 'k70' }, undefined, 1, 1],
  ['a list of keys', { name: { $in: ['n1', 'n2'] } }, undefined, 2, 2],
  ['a declared index', { user: 'u7' }, undefined, 20, 20],
  ['a declared index, in its order', { user: 'u7' }, { at: -1, _id: -1 }, 20, 20],
  ['a declared index, backwards', { user: 'u7' }, { at: 1, _id: 1 }, 20, 20],
  [
    'a later page',
    {
      user: 'u7',
      $or: [{ at: { $lt: new Date(50_007) } }, { at: new Date(50_007), _id: { $lt: 'd50007' } }],
    },
    { at: -1, _id: -1 },
    10,
    11,
  ],
  ['a range of dates', { status: 'PENDING', at: { $lte: new Date(3000) } }, { at: 1 }, 4, 4],
  ['a word of an array', { terms: 't321' }, undefined, 1, 1],
  ['a prefix of a word', { terms: /^t9999/ }, undefined, 11, 11],
  ['prefixes of words', { terms: { $all: [/^al/, /^t9999/] } }, undefined, 11, 11],
  ['what is in a sparse index', { outboxAt: { $exists: true } }, { outboxAt: 1 }, 20, 20],
  ['a range of a sparse index', { outboxAt: { $lt: new Date(100) } }, { outboxAt: 1 }, 10, 10],
];

it.each(cases)('finds %s without a scan', async (_what, filter, sort, found, examined) => {
  const options = { limit: 20, ...(sort && { sort }) };
  let documents: AnyDoc[] = [];
  const count = await examinedBy(async () => {
    documents = await collection.find(filter, options).toArray();
  });
  expect({ found: documents.length, examined: count }).toEqual({ found, examined });
});

it('writes without a scan', async () => {
  const update = anyUpdate({ $inc: { n: 1 } });
  expect(await examinedBy(() => collection.updateOne({ _id: 'd1', n: { $not: { $gte: 5 } } }, update))).toBe(
    1,
  );
  expect(await examinedBy(() => collection.updateOne({ name: 'n1' }, update))).toBe(1);
  expect(await examinedBy(() => collection.updateOne({ status: 'PENDING' }, update))).toBe(1);
  expect(await examinedBy(() => collection.updateOne({ _id: 'new' }, update, { upsert: true }))).toBe(0);
  expect(await examinedBy(() => collection.deleteOne({ _id: 'new' }))).toBe(1);
  expect(await examinedBy(() => collection.countDocuments({}))).toBe(0);
});

it('looks at every document where no index helps', async () => {
  expect(await examinedBy(() => collection.findOne({ nobody: 1 }))).toBe(COUNT);
});
