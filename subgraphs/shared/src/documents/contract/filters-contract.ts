import { describe, expect, it } from 'vitest';
import type { AnyDoc, Fresh } from '../../../test/documents-adapters.ts';
import type { Filter } from '../port.ts';

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

const stored: AnyDoc[] = [
  { _id: 'a', n: 5, s: 'choc', tags: ['x', 'y'], at: day(1), nested: { deep: { n: 1 } } },
  {
    _id: 'b',
    n: 10,
    s: 'chocolate',
    tags: ['y'],
    at: day(2),
    lines: [
      { id: 'p-1', q: 1 },
      { id: 'p:2', q: 5 },
    ],
  },
  { _id: 'c', n: '5', s: 'bar', tags: [], at: day(3), lines: [{ id: 'p-1', q: 5 }], flag: true },
  { _id: 'd', n: null, s: 'a.c', scores: [1, 5, 9], flag: false, outbox: [{ id: 'e1' }], fence: { '0h': 7 } },
  { _id: 'e', terms: ['chocolate', 'bar'], big: 2 ** 40, outbox: [], fence: { '0h': 3 } },
  {
    _id: 'f',
    terms: ['chocolate', 'milk'],
    big: 2 ** 31 + 1,
    holds: { 'o-1:return': { quantity: 2, released: false } },
  },
];

const cases: [filter: Filter<AnyDoc>, ids: string][] = [
  [{}, 'abcdef'],
  [{ _id: 'b' }, 'b'],
  [{ _id: { $in: ['f', 'a', 'nobody', 'a'] } }, 'af'],
  [{ _id: { $gt: 'd' } }, 'ef'],
  [{ n: 5 }, 'a'],
  [{ n: { $eq: 5 } }, 'a'],
  [{ n: { $ne: 5 } }, 'bcdef'],
  [{ n: null }, 'def'],
  [{ n: { $ne: null } }, 'abc'],
  [{ n: { $in: [5, null] } }, 'adef'],
  [{ n: { $nin: [5, '5'] } }, 'bdef'],
  [{ n: { $gt: 5 } }, 'b'],
  [{ n: { $gte: 5 } }, 'ab'],
  [{ n: { $lt: 10 } }, 'a'],
  [{ n: { $lte: '5' } }, 'c'],
  [{ n: { $gte: 5, $lt: 10 } }, 'a'],
  [{ n: { $not: { $gte: 5 } } }, 'cdef'],
  [{ 'fence.0h': { $not: { $gte: 5 } } }, 'abcef'],
  [{ 'fence.0h': { $lt: 5 } }, 'e'],
  [{ flag: true }, 'c'],
  [{ flag: { $exists: true } }, 'cd'],
  [{ flag: { $exists: false } }, 'abef'],
  [{ n: { $exists: true } }, 'abcd'],
  [{ s: /^choc/ }, 'ab'],
  [{ s: /^chocol/ }, 'b'],
  [{ s: /^a\.c/ }, 'd'],
  [{ s: { $not: /^choc/ } }, 'cdef'],
  [{ at: day(2) }, 'b'],
  [{ at: { $gte: day(2) } }, 'bc'],
  [{ at: { $gt: day(1), $lte: day(2) } }, 'b'],
  [{ at: { $in: [day(1), day(3)] } }, 'ac'],
  [{ at: { $lt: 5e12 } }, ''],
  [{ 'nested.deep.n': 1 }, 'a'],
  [{ 'nested.deep': { n: 1 } }, 'a'],
  [{ tags: 'y' }, 'ab'],
  [{ tags: { $ne: 'y' } }, 'cdef'],
  [{ tags: { $nin: ['x'] } }, 'bcdef'],
  [{ tags: ['y'] }, 'b'],
  [{ tags: { $all: ['x', 'y'] } }, 'a'],
  [{ 'tags.0': 'y' }, 'b'],
  [{ 'tags.1': { $exists: true } }, 'a'],
  [{ terms: { $all: [/^choc/, /^ba/] } }, 'e'],
  [{ terms: { $all: [/^choc/, /^choco/] } }, 'ef'],
  [{ terms: { $all: [/^choc/, /^x/] } }, ''],
  [{ terms: /^mi/ }, 'f'],
  [{ 'lines.id': 'p:2' }, 'b'],
  [{ 'lines.id': 'p-1', 'lines.q': 5 }, 'bc'],
  [{ lines: { $elemMatch: { id: 'p-1', q: 5 } } }, 'c'],
  [{ lines: { $elemMatch: { id: 'p-1', q: { $gte: 1 } } } }, 'bc'],
  [{ 'lines.0.q': 5 }, 'c'],
  [{ scores: { $elemMatch: { $gt: 1, $lt: 9 } } }, 'd'],
  [{ scores: { $elemMatch: { $gt: 5, $lt: 9 } } }, ''],
  [{ scores: { $gt: 5 } }, 'd'],
  [{ 'outbox.0': { $exists: true } }, 'd'],
  [{ 'outbox.0': { $exists: false } }, 'abcef'],
  [{ 'holds.o-1:return': { $exists: true } }, 'f'],
  [{ 'holds.o-1:return.released': false }, 'f'],
  [{ 'holds.o-1': { $exists: false } }, 'abcdef'],
  [{ big: { $gt: 2 ** 31 } }, 'ef'],
  [{ big: 2 ** 40 }, 'e'],
  [{ $and: [{ tags: 'y' }, { n: { $gt: 5 } }] }, 'b'],
  [{ $or: [{ n: 5 }, { flag: true }] }, 'ac'],
  [{ s: /^c/, $or: [{ n: { $lt: 6 } }, { n: 10, _id: { $gt: 'b' } }] }, 'a'],
  [{ $or: [{ at: { $lt: day(2) } }, { at: day(2), _id: { $lt: 'z' } }], n: { $exists: true } }, 'ab'],
];

/** Which documents each filter of the subset finds. */
export function filtersContract(fresh: Fresh): void {
  describe('filters', () => {
    it.each(cases.map(([filter, ids]) => ({ text: describeFilter(filter), filter, ids })))(
      '$text finds $ids',
      async ({ filter, ids }) => {
        const collection = await shared(fresh);
        const found = await collection.find(filter, { limit: 100, sort: { _id: 1 } }).toArray();
        expect(found.map((document) => document._id).join('')).toBe(ids);
        expect(await collection.countDocuments(filter)).toBe(ids.length);
      },
    );

    it('refuses a filter whose value is undefined, which would otherwise match everything', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a' });
      await expect(collection.deleteMany({ _id: undefined } as never)).rejects.toThrow(/undefined/);
      await expect(collection.findOne({ n: { $in: [undefined] } })).rejects.toThrow(/undefined/);
      expect(await collection.countDocuments({})).toBe(1);
    });
  });
}

// The cases only read: one collection serves them all.
const collections = new WeakMap<Fresh, Promise<ReturnType<Fresh>>>();

function shared(fresh: Fresh): Promise<ReturnType<Fresh>> {
  const known = collections.get(fresh);
  if (known) return known;
  const made = Promise.resolve(fresh()).then(async (collection) => {
    await collection.bulkWrite(stored.map((document) => ({ insertOne: { document } })));
    return collection;
  });
  collections.set(fresh, made);
  return made;
}

function describeFilter(filter: Filter<AnyDoc>): string {
  return JSON.stringify(filter, (_key, value) => (value instanceof RegExp ? String(value) : value));
}
