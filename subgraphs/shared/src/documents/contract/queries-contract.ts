import { describe, expect, it } from 'vitest';
import type { AnyDoc, Fresh } from '../../../test/documents-adapters.ts';
import type { Projection } from '../port.ts';

const idsOf = (documents: AnyDoc[]) => documents.map((document) => document._id).join('');

/** Order, limits, projections and the results of deletes. */
export function queriesContract(fresh: Fresh): void {
  describe('queries', () => {
    it('sorts by type, then by value: null and missing, numbers, text, booleans, dates', async () => {
      const collection = fresh();
      const values = [new Date(5), 'b', 10, null, true, 9, 'a', new Date(4), undefined, -1];
      await collection.bulkWrite(values.map((v, at) => ({ insertOne: { document: { _id: `${at}`, v } } })));
      const ascending = await collection.find({}, { sort: { v: 1, _id: 1 }, limit: 100 }).toArray();
      expect(idsOf(ascending)).toBe('3895261470');
      const descending = await collection.find({}, { sort: { v: -1, _id: -1 }, limit: 100 }).toArray();
      expect(idsOf(descending)).toBe('0741625983');
    });

    it('pages by keyset over a compound index, in both directions', async () => {
      const collection = fresh();
      await collection.createIndexes([{ key: { kind: 1, at: -1, _id: -1 } }]);
      const documents = Array.from({ length: 30 }, (_, n) => ({
        _id: `d${n + 10}`,
        kind: 'k',
        at: new Date(n >> 1),
      }));
      await collection.bulkWrite(documents.map((document) => ({ insertOne: { document } })));
      const first = await collection.find({ kind: 'k' }, { sort: { at: -1, _id: -1 }, limit: 7 }).toArray();
      expect(first.map((document) => document._id)).toEqual([
        'd39',
        'd38',
        'd37',
        'd36',
        'd35',
        'd34',
        'd33',
      ]);
      const { at, _id } = first[6]!;
      const after = { kind: 'k', $or: [{ at: { $lt: at } }, { at, _id: { $lt: _id } }] };
      const second = await collection.find(after, { sort: { at: -1, _id: -1 }, limit: 2 }).toArray();
      expect(second.map((document) => document._id)).toEqual(['d32', 'd31']);
      const back = await collection.find({ kind: 'k' }, { sort: { at: 1, _id: 1 }, limit: 2 }).toArray();
      expect(back.map((document) => document._id)).toEqual(['d10', 'd11']);
    });

    it('finds the first in the order of the sort', async () => {
      const collection = fresh();
      for (const n of [2, 3, 1]) await collection.insertOne({ _id: `${n}`, n });
      expect(await collection.findOne({}, { sort: { n: -1 } })).toEqual({ _id: '3', n: 3 });
      expect(await collection.findOne({ n: 9 })).toBeNull();
      expect(await collection.findOneAndDelete({}, { sort: { n: 1 } })).toEqual({ _id: '1', n: 1 });
      expect(await collection.findOneAndDelete({ n: 1 })).toBeNull();
      expect(await collection.countDocuments({})).toBe(2);
    });

    it('needs a limit', async () => {
      const find = (limit: unknown) =>
        fresh()
          .find({}, { limit } as never)
          .toArray();
      for (const limit of [undefined, 0, -1, 1.5]) await expect(find(limit)).rejects.toThrow(/limit/);
    });

    it.each<[Projection, unknown]>([
      [{ name: 1 }, { _id: 'a', name: 'n' }],
      [{ name: 1, _id: 0 }, { name: 'n' }],
      [{ _id: 1 }, { _id: 'a' }],
      [{ 'lines.id': 1 }, { _id: 'a', lines: [{ id: 'x' }, { id: 'y' }] }],
      [
        { 'lines.id': 1, 'lines.at': 1, nobody: 1 },
        { _id: 'a', lines: [{ id: 'x', at: new Date(7) }, { id: 'y' }] },
      ],
      [{ 'holds.o-1': 1 }, { _id: 'a', holds: { 'o-1': { q: 1 } } }],
      [
        { lines: 0, holds: 0 },
        { _id: 'a', name: 'n' },
      ],
      [
        { 'lines.q': 0, 'lines.at': 0, holds: 0, _id: 0 },
        { name: 'n', lines: [{ id: 'x' }, { id: 'y' }] },
      ],
      [
        { _id: 0, 'holds.o-1': 0, lines: 0 },
        { name: 'n', holds: { 'o-2': { q: 2 } } },
      ],
    ])('projects %o', async (projection, expected) => {
      const collection = fresh();
      const lines = [
        { id: 'x', q: 1, at: new Date(7) },
        { id: 'y', q: 2 },
      ];
      await collection.insertOne({ _id: 'a', name: 'n', lines, holds: { 'o-1': { q: 1 }, 'o-2': { q: 2 } } });
      expect(await collection.findOne({}, { projection })).toEqual(expected);
      expect(await collection.find({}, { projection, limit: 1 }).toArray()).toEqual([expected]);
      const unchanged = { $set: { name: 'n' } };
      expect(await collection.findOneAndUpdate({ _id: 'a' }, unchanged, { projection })).toEqual(expected);
    });

    it('deletes one, many, and counts them', async () => {
      const collection = fresh();
      const writes = [1, 2, 3, 4].map((n) => ({ insertOne: { document: { _id: `${n}`, n } } }));
      await collection.bulkWrite(writes);
      expect(await collection.deleteOne({ n: { $gt: 1 } })).toEqual({ deletedCount: 1 });
      expect(await collection.deleteMany({ n: { $lt: 9 } })).toEqual({ deletedCount: 3 });
      expect(await collection.deleteMany({})).toEqual({ deletedCount: 0 });
    });
  });
}
