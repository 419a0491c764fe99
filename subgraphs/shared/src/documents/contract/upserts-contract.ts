import { describe, expect, it } from 'vitest';
import { anyUpdate, type Fresh } from '../../../test/documents-adapters.ts';
import { DuplicateKeyError } from '../port.ts';

/** An update that inserts the document when there is none. */
export function upsertsContract(fresh: Fresh): void {
  describe('upserts', () => {
    it('insert the equal fields of the filter and the update', async () => {
      const collection = fresh();
      const result = await collection.updateOne(
        { _id: 'a', kind: { $eq: 'k' }, 'deep.field': 1, n: { $lt: 5 }, $and: [{ more: true }] },
        anyUpdate({ $setOnInsert: { state: 'new' }, $inc: { count: 1 }, $push: { list: 1 } }),
        { upsert: true },
      );
      expect(result).toEqual({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 'a' });
      const expected = {
        _id: 'a',
        kind: 'k',
        deep: { field: 1 },
        more: true,
        state: 'new',
        count: 1,
        list: [1],
      };
      expect(await collection.findOne({ _id: 'a' })).toEqual(expected);
    });

    it('update what is there, without $setOnInsert', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', state: 'old' });
      const update = { $setOnInsert: { state: 'new' }, $inc: { count: 1 } };
      const result = await collection.updateOne({ _id: 'a' }, update, { upsert: true });
      expect(result).toEqual({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0, upsertedId: null });
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', state: 'old', count: 1 });
    });

    it('take the _id from $setOnInsert too', async () => {
      const collection = fresh();
      const update = { $setOnInsert: { _id: 'a', n: 1 } };
      const first = await collection.updateOne({ key: 'k' }, update as never, { upsert: true });
      expect(first.upsertedId).toBe('a');
      const second = await collection.updateOne({ key: 'k' }, { $inc: { n: 1 } });
      expect(second.matchedCount).toBe(1);
      expect(await collection.findOne({})).toEqual({ _id: 'a', key: 'k', n: 2 });
    });

    it('answer null before and the document after a findOneAndUpdate', async () => {
      const collection = fresh();
      const update = { $inc: { n: 1 } };
      expect(await collection.findOneAndUpdate({ _id: 'a' }, update, { upsert: true })).toBeNull();
      const options = { upsert: true, returnDocument: 'after' } as const;
      expect(await collection.findOneAndUpdate({ _id: 'a' }, update, options)).toEqual({ _id: 'a', n: 2 });
      expect(await collection.findOneAndUpdate({ _id: 'b' }, update, options)).toEqual({ _id: 'b', n: 1 });
    });

    it('are refused without an _id, which a server would make up', async () => {
      const collection = fresh();
      const upsert = collection.updateOne({ key: 'k' }, { $set: { n: 1 } }, { upsert: true });
      await expect(upsert).rejects.toThrow(/_id/);
      expect(await collection.countDocuments({})).toBe(0);
    });

    it('fail as duplicates when the document is there but the guard does not hold', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', n: 1 });
      const upsert = collection.updateOne({ _id: 'a', n: { $gt: 5 } }, { $inc: { n: 1 } }, { upsert: true });
      await expect(upsert).rejects.toThrow(DuplicateKeyError);
      expect(await collection.findOne({})).toEqual({ _id: 'a', n: 1 });
    });
  });
}
