import { describe, expect, it } from 'vitest';
import type { AnyDoc, Fresh } from '../../../test/documents-adapters.ts';
import { type BulkWrite, DuplicateKeyError } from '../port.ts';

const insert = (document: AnyDoc): BulkWrite<AnyDoc> => ({ insertOne: { document } });

/** Many writes in one round trip. */
export function bulkWriteContract(fresh: Fresh): void {
  describe('bulkWrite', () => {
    it('runs every kind of write in order, and counts', async () => {
      const collection = fresh();
      const result = await collection.bulkWrite([
        insert({ _id: 'a', n: 1 }),
        insert({ _id: 'b', n: 1 }),
        insert({ _id: 'c', n: 1 }),
        { updateOne: { filter: { _id: 'a' }, update: { $inc: { n: 1 } } } },
        { updateOne: { filter: { _id: 'a', n: 1 }, update: { $inc: { n: 100 } } } },
        { updateOne: { filter: { _id: 'd' }, update: { $setOnInsert: { n: 7 } }, upsert: true } },
        { updateOne: { filter: { _id: 'd' }, update: { $setOnInsert: { n: 8 } }, upsert: true } },
        { updateMany: { filter: { n: 1 }, update: { $set: { many: true } } } },
        { deleteOne: { filter: { _id: 'b' } } },
        { deleteMany: { filter: { n: { $gte: 7 } } } },
      ]);
      const counts = {
        insertedCount: 3,
        matchedCount: 4,
        modifiedCount: 3,
        deletedCount: 2,
        upsertedCount: 1,
      };
      expect(result).toEqual(counts);
      expect(await collection.find({}, { sort: { _id: 1 }, limit: 9 }).toArray()).toEqual([
        { _id: 'a', n: 2 },
        { _id: 'c', n: 1, many: true },
      ]);
    });

    const failing = [insert({ _id: 'b' }), insert({ _id: 'a' }), insert({ _id: 'c' }), insert({ _id: 'a' })];

    it('ordered, stops at the first failure and keeps what came before', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a' });
      await expect(collection.bulkWrite(failing)).rejects.toThrow(DuplicateKeyError);
      expect(await collection.countDocuments({})).toBe(2);
      expect(await collection.findOne({ _id: 'c' })).toBeNull();
    });

    it('unordered, tries all', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a' });
      await expect(collection.bulkWrite(failing, { ordered: false })).rejects.toThrow(DuplicateKeyError);
      expect(await collection.countDocuments({})).toBe(3);
    });

    it('goes on after an upsert that fails for good, when unordered', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', n: 1 });
      const update = { $inc: { n: 1 } };
      const writes: BulkWrite<AnyDoc>[] = [
        { updateOne: { filter: { _id: 'a', n: 9 }, update, upsert: true } },
        { updateOne: { filter: { _id: 'b' }, update, upsert: true } },
      ];
      await expect(collection.bulkWrite(writes, { ordered: false })).rejects.toThrow(DuplicateKeyError);
      expect(await collection.find({}, { sort: { _id: 1 }, limit: 9 }).toArray()).toEqual([
        { _id: 'a', n: 1 },
        { _id: 'b', n: 1 },
      ]);
    });
  });
}
