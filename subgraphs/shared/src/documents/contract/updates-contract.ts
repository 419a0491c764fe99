import { describe, expect, it } from 'vitest';
import { anyUpdate, type Fresh } from '../../../test/documents-adapters.ts';

const day = new Date('2026-01-01');
const start = {
  n: 5,
  s: 'text',
  nothing: null,
  list: [1, 2, 2],
  lines: [
    { id: 'x', q: 1 },
    { id: 'y', q: 2 },
  ],
  map: { 'o-1:return': { q: 1 } },
};

// What an update makes of `start`; fields that are not named stay.
const cases: [update: object, changed: Record<string, unknown>][] = [
  [{ $set: { n: 6, 'map.o-2': { q: day } } }, { n: 6, map: { 'o-1:return': { q: 1 }, 'o-2': { q: day } } }],
  [{ $set: { 'new.deep.field': [1] } }, { new: { deep: { field: [1] } } }],
  [{ $set: { 'lines.1.q': 9 } }, { lines: [start.lines[0], { id: 'y', q: 9 }] }],
  [{ $set: { 'list.4': 9 } }, { list: [1, 2, 2, null, 9] }],
  [{ $unset: { n: '', nobody: '', 'map.o-1:return': '' } }, { n: undefined, map: {} }],
  [{ $unset: { 'nobody.deep': '', 'n.deep': '' } }, {}],
  [{ $inc: { n: -7, fresh: 2, 'deep.count': 1 } }, { n: -2, fresh: 2, deep: { count: 1 } }],
  [{ $inc: { n: 2 ** 31 } }, { n: 2 ** 31 + 5 }],
  [{ $inc: { n: 0.5 } }, { n: 5.5 }],
  [{ $min: { n: 4, fresh: 1 } }, { n: 4, fresh: 1 }],
  [{ $min: { n: 6 } }, {}],
  [{ $max: { n: 6, 'fence.0h': 3 } }, { n: 6, fence: { '0h': 3 } }],
  [{ $max: { n: 4, nothing: 1 } }, { nothing: 1 }],
  [{ $setOnInsert: { n: 1, fresh: 1 } }, {}],
  [{ $push: { list: 3, 'deep.list': { a: 1 } } }, { list: [1, 2, 2, 3], deep: { list: [{ a: 1 }] } }],
  [{ $push: { list: { $each: [3, 4] } } }, { list: [1, 2, 2, 3, 4] }],
  [{ $push: { list: [3, 4] } }, { list: [1, 2, 2, [3, 4]] }],
  [{ $addToSet: { list: 2 } }, {}],
  [{ $addToSet: { list: 3, fresh: 'a' } }, { list: [1, 2, 2, 3], fresh: ['a'] }],
  [{ $addToSet: { list: { $each: [2, 3, 3] } } }, { list: [1, 2, 2, 3] }],
  [{ $addToSet: { lines: { id: 'x', q: 1 } } }, {}],
  [{ $pull: { list: 2 } }, { list: [1] }],
  [{ $pull: { list: { $in: [1, 7] } } }, { list: [2, 2] }],
  [{ $pull: { list: { $gte: 2 } } }, { list: [1] }],
  [{ $pull: { lines: { id: 'x' } } }, { lines: [start.lines[1]] }],
  [{ $pull: { lines: { id: { $in: ['x', 'y'] }, q: 2 } } }, { lines: [start.lines[0]] }],
  [{ $pull: { nobody: 1, list: 7 } }, {}],
  [
    { $set: { n: 1 }, $push: { list: 3 }, $unset: { s: '' } },
    { n: 1, list: [1, 2, 2, 3], s: undefined },
  ],
];

const refused: [why: string, update: object][] = [
  ['$inc of text', { $set: { fresh: 1 }, $inc: { s: 1 } }],
  ['$push to a number', { $push: { n: 1 } }],
  ['$addToSet to text', { $addToSet: { s: 1 } }],
  ['$pull from a number', { $pull: { n: 1 } }],
  ['a field inside a number', { $set: { 'n.deep': 1 } }],
  ['a named field of an array', { $set: { 'lines.q': 1 } }],
  ['a changed _id', { $set: { _id: 'b' } }],
  ['two operators on one path', { $set: { 'map.a': 1 }, $unset: { map: '' } }],
  ['no operator', { n: 1 }],
  ['nothing at all', {}],
];

/** What each update operator of the subset does. */
export function updatesContract(fresh: Fresh): void {
  describe('updates', () => {
    it.each(cases)('%j', async (update, changed) => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', ...start });
      const expected = JSON.parse(JSON.stringify({ _id: 'a', ...start, ...changed }));
      const isChanged = Object.keys(changed).length > 0;
      const result = await collection.updateOne({ _id: 'a' }, anyUpdate(update));
      expect(result).toEqual({
        matchedCount: 1,
        modifiedCount: isChanged ? 1 : 0,
        upsertedCount: 0,
        upsertedId: null,
      });
      expect(JSON.parse(JSON.stringify(await collection.findOne({ _id: 'a' })))).toEqual(expected);
    });

    it.each(refused)('refuses %s and changes nothing', async (_why, update) => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', ...start });
      await expect(collection.updateOne({ _id: 'a' }, anyUpdate(update))).rejects.toThrow();
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', ...start });
    });

    it('updates one or many, and counts those that changed', async () => {
      const collection = fresh();
      await collection.bulkWrite(
        [1, 2, 3].map((n) => ({ insertOne: { document: { _id: `${n}`, n, kind: 'k' } } })),
      );
      const none = { upsertedCount: 0, upsertedId: null };
      const guarded = await collection.updateOne({ _id: '1', n: { $gte: 2 } }, { $inc: { n: -2 } });
      expect(guarded).toEqual({ matchedCount: 0, modifiedCount: 0, ...none });
      const all = await collection.updateMany({ kind: 'k' }, { $max: { n: 2 } });
      expect(all).toEqual({ matchedCount: 3, modifiedCount: 1, ...none });
      const one = await collection.updateOne({ kind: 'k' }, { $set: { kind: 'l' } });
      expect(one).toEqual({ matchedCount: 1, modifiedCount: 1, ...none });
      expect(await collection.countDocuments({ kind: 'k' })).toBe(2);
    });

    it('answers the document before or after a findOneAndUpdate', async () => {
      const collection = fresh();
      for (const n of [1, 2]) await collection.insertOne({ _id: `${n}`, n });
      const update = { $inc: { n: 10 } };
      expect(await collection.findOneAndUpdate({ _id: '1' }, update)).toEqual({ _id: '1', n: 1 });
      expect(
        await collection.findOneAndUpdate({}, update, { sort: { n: 1 }, returnDocument: 'after' }),
      ).toEqual({
        _id: '2',
        n: 12,
      });
      expect(await collection.findOneAndUpdate({ n: 1 }, update, { returnDocument: 'after' })).toBeNull();
    });
  });
}
