import { describe, expect, it } from 'vitest';
import type { Fresh } from '../../../test/documents-adapters.ts';
import { DuplicateKeyError } from '../port.ts';

/** What indexes forbid. That they are used is for each adapter's own suite. */
export function indexesContract(fresh: Fresh): void {
  describe('indexes', () => {
    it('are made more than once without harm', async () => {
      const collection = fresh();
      const indexes = [{ key: { n: 1 as const } }, { key: { at: 1 as const }, expireAfterSeconds: 3600 }];
      await collection.createIndexes(indexes);
      await collection.insertOne({ _id: 'a', n: 1, at: new Date() });
      await collection.createIndexes(indexes);
      expect(await collection.findOne({ n: 1 })).not.toBeNull();
    });

    it('unique: forbid a second document of the same key, by insert, update and upsert', async () => {
      const collection = fresh();
      await collection.createIndexes([{ key: { name: 1 }, unique: true }]);
      await collection.insertOne({ _id: 'a', name: 'n' });
      await collection.insertOne({ _id: 'b', name: 'm' });
      await expect(collection.insertOne({ _id: 'c', name: 'n' })).rejects.toThrow(DuplicateKeyError);
      const rename = { $set: { name: 'n', other: 1 } };
      await expect(collection.updateOne({ _id: 'b' }, rename)).rejects.toThrow(DuplicateKeyError);
      await expect(collection.findOneAndUpdate({ _id: 'b' }, rename)).rejects.toThrow(DuplicateKeyError);
      await expect(collection.updateOne({ _id: 'c' }, rename, { upsert: true })).rejects.toThrow(
        DuplicateKeyError,
      );
      expect(await collection.find({}, { sort: { _id: 1 }, limit: 9 }).toArray()).toEqual([
        { _id: 'a', name: 'n' },
        { _id: 'b', name: 'm' },
      ]);
      await collection.updateOne({ _id: 'a' }, { $set: { name: 'o' } });
      await collection.updateOne({ _id: 'b' }, rename);
      await collection.deleteOne({ _id: 'a' });
      await collection.insertOne({ _id: 'd', name: 'o' });
    });

    it('unique and sparse: leave documents without the field alone', async () => {
      const collection = fresh();
      await collection.createIndexes([{ key: { key: 1 }, unique: true, sparse: true }]);
      await collection.insertOne({ _id: 'a' });
      await collection.insertOne({ _id: 'b' });
      await collection.insertOne({ _id: 'c', key: 'k' });
      await expect(collection.insertOne({ _id: 'd', key: 'k' })).rejects.toThrow(DuplicateKeyError);
      await expect(collection.updateOne({ _id: 'a' }, { $set: { key: 'k' } })).rejects.toThrow(
        DuplicateKeyError,
      );
      await collection.updateOne({ _id: 'c' }, { $unset: { key: '' } });
      await collection.updateOne({ _id: 'a' }, { $set: { key: 'k' } });
      expect(await collection.findOne({ key: 'k' })).toEqual({ _id: 'a', key: 'k' });
      expect(await collection.countDocuments({ key: { $exists: false } })).toBe(2);
      expect(await collection.countDocuments({ key: null })).toBe(2);
      expect(await collection.find({}, { sort: { key: 1, _id: 1 }, limit: 9 }).toArray()).toHaveLength(3);
    });

    it('unique and compound: compare all fields together', async () => {
      const collection = fresh();
      await collection.createIndexes([{ key: { productId: 1, url: 1 }, unique: true }]);
      await collection.insertOne({ _id: 'a', productId: 'p', url: 'u' });
      await collection.insertOne({ _id: 'b', productId: 'p', url: 'v' });
      await collection.insertOne({ _id: 'c', productId: 'q', url: 'u' });
      const second = collection.insertOne({ _id: 'd', productId: 'q', url: 'u' });
      await expect(second).rejects.toThrow(DuplicateKeyError);
    });

    it('unique: cannot be made over duplicates', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', n: 1 });
      await collection.insertOne({ _id: 'b', n: 1 });
      await expect(collection.createIndexes([{ key: { n: 1 }, unique: true }])).rejects.toThrow(
        DuplicateKeyError,
      );
      await collection.insertOne({ _id: 'c', n: 1 });
    });
  });
}
