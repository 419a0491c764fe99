import { describe, expect, it } from 'vitest';
import type { AnyDoc, Fresh } from '../../../test/documents-adapters.ts';
import { type BulkWrite, DuplicateKeyError } from '../port.ts';

const times = <R>(count: number, run: (at: number) => R) => Array.from({ length: count }, (_, at) => run(at));

/** Many writers at once: atomic per document. */
export function racesContract(fresh: Fresh): void {
  describe('races', () => {
    it('500 guarded decrements of a stock of 100: exactly 100 succeed', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'p', quantity: 100 });
      const guard = { _id: 'p', quantity: { $gte: 1 } };
      const results = await Promise.all(
        times(500, (at) =>
          collection.updateOne(guard, {
            $inc: { quantity: -1 },
            $set: { [`holds.o-${at}`]: { quantity: 1 } },
          }),
        ),
      );
      expect(results.reduce((sum, result) => sum + result.modifiedCount, 0)).toBe(100);
      const product = await collection.findOne({ _id: 'p' });
      expect(product).toMatchObject({ quantity: 0 });
      expect(Object.keys(product?.holds as object)).toHaveLength(100);
    });

    it('findOneAndUpdate hands every job to one worker', async () => {
      const collection = fresh();
      await collection.bulkWrite(
        times(20, (n) => ({ insertOne: { document: { _id: `j${n}`, state: 'new' } } })),
      );
      const take = () => collection.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } });
      const taken = (await Promise.all(times(40, take))).filter((job) => job !== null);
      expect(new Set(taken.map((job) => job._id)).size).toBe(20);
      expect(taken).toHaveLength(20);
    });

    it('upserts of one _id end as one document that counts them all', async () => {
      const collection = fresh();
      const update = { $inc: { n: 1 }, $setOnInsert: { state: 'new' } };
      const results = await Promise.all(
        times(50, () => collection.updateOne({ _id: 'a' }, update, { upsert: true })),
      );
      expect(results.filter((result) => result.upsertedCount === 1)).toHaveLength(1);
      expect(await collection.find({}, { limit: 9 }).toArray()).toEqual([{ _id: 'a', state: 'new', n: 50 }]);
    });

    it('upserts of the same ids in several bulkWrites all end well', async () => {
      const collection = fresh();
      const writes = times(30, (n): BulkWrite<AnyDoc> => {
        return { updateOne: { filter: { _id: `d${n}` }, update: { $inc: { n: 1 } }, upsert: true } };
      });
      await Promise.all(times(6, (at) => collection.bulkWrite(writes, { ordered: at % 2 === 0 })));
      expect(await collection.countDocuments({ n: 6 })).toBe(30);
    });

    it('one of many inserts of a unique key wins', async () => {
      const collection = fresh();
      await collection.createIndexes([{ key: { key: 1 }, unique: true, sparse: true }]);
      const results = await Promise.allSettled(
        times(50, (at) => collection.insertOne({ _id: `d${at}`, key: 'k' })),
      );
      const failures = results.filter((result) => result.status === 'rejected');
      expect(failures).toHaveLength(49);
      expect(failures.every((failure) => failure.reason instanceof DuplicateKeyError)).toBe(true);
      expect(await collection.countDocuments({})).toBe(1);
    });
  });
}
