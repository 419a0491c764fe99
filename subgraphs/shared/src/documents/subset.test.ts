import { describe, expect, it } from 'vitest';
import type { AnyDoc } from '../../test/documents-adapters.ts';
import { openEmbeddedDocuments } from './embedded/open-embedded-documents.ts';

const collection = openEmbeddedDocuments({ file: ':memory:' }).collection<AnyDoc>('a');

describe('filters outside the subset are refused', () => {
  it.each<[name: string, filter: object]>([
    ['$nor', { $nor: [{ a: 1 }] }],
    ['$expr', { $expr: { $gt: ['$a', '$b'] } }],
    ['$where', { $where: 'true' }],
    ['$text', { $text: { $search: 'a' } }],
    ['$comment', { $comment: 'a' }],
    ['$size', { a: { $size: 1 } }],
    ['$type', { a: { $type: 'string' } }],
    ['$mod', { a: { $mod: [2, 0] } }],
    ['$regex', { a: { $regex: '^a', $options: 'i' } }],
    ['$bitsAllSet', { a: { $bitsAllSet: 1 } }],
    ['constructor', { a: { $gt: 1, constructor: 1 } }],
    ['$size', { $or: [{ a: 1 }, { $and: [{ b: { $not: { $size: 1 } } }] }] }],
    ['$size', { a: { $elemMatch: { $size: 1 } } }],
    ['$size', { a: { $elemMatch: { b: { $size: 1 } } } }],
    ['a.$.b', { 'a.$.b': 1 }],
    ['$b', { a: { c: { $b: 1 } } }],
    ['must begin with ^', { a: /b/ }],
    ['must begin with ^', { a: { $all: [/^a/, /b/] } }],
    ['must begin with ^', { a: /^b/i }],
    ['cannot be stored', { a: { $in: [/^a/] } }],
    ['$gt', { a: { $gt: null } }],
    ['$gt', { a: { $gt: [1] } }],
    ['$exists', { a: { $exists: 1 } }],
    ['$not', { a: { $not: 5 } }],
    ['$in', { a: { $in: 5 } }],
    ['$and', { $and: [] }],
    ['field path', { 'a..b': 1 }],
  ])('%s in %j', async (name, filter) => {
    await expect(collection.findOne(filter)).rejects.toThrow(name);
    await expect(collection.find(filter, { limit: 1 }).toArray()).rejects.toThrow(name);
    await expect(collection.countDocuments(filter)).rejects.toThrow(name);
    await expect(collection.updateOne(filter, { $set: { a: 1 } })).rejects.toThrow(name);
    await expect(collection.deleteMany(filter)).rejects.toThrow(name);
    await expect(collection.bulkWrite([{ deleteOne: { filter } }])).rejects.toThrow(name);
  });
});

describe('updates outside the subset are refused, whether or not anything matches', () => {
  it.each<[name: string, update: object]>([
    ['$rename', { $rename: { a: 'b' } }],
    ['$mul', { $mul: { a: 2 } }],
    ['$pop', { $pop: { a: 1 } }],
    ['$pullAll', { $pullAll: { a: [1] } }],
    ['$currentDate', { $currentDate: { a: true } }],
    ['$bit', { $bit: { a: { and: 1 } } }],
    ['$slice', { $push: { a: { $each: [1], $slice: 1 } } }],
    ['$sort', { $push: { a: { $each: [1], $sort: 1 } } }],
    ['$size', { $pull: { a: { $size: 1 } } }],
    ['a.$.b', { $set: { 'a.$.b': 1 } }],
    ['a.$[].b', { $inc: { 'a.$[].b': 1 } }],
    ['a.$[x].b', { $unset: { 'a.$[x].b': '' } }],
    ['_id', { $set: { _id: 'b' } }],
    ['update operator a', { a: 1 }],
    ['operators', [{ $set: { a: 1 } }]],
    ['a.b', { $set: { a: 1 }, $inc: { 'a.b': 1 } }],
    ['number', { $inc: { a: '1' } }],
    ['undefined', { $pull: { a: { b: undefined } } }],
  ])('%s in %j', async (name, update) => {
    await expect(collection.updateOne({}, update)).rejects.toThrow(name);
    await expect(collection.updateMany({}, update)).rejects.toThrow(name);
    await expect(collection.findOneAndUpdate({}, update)).rejects.toThrow(name);
    await expect(collection.bulkWrite([{ updateOne: { filter: {}, update } }])).rejects.toThrow(name);
  });
});

describe('projections and sorts outside the subset are refused', () => {
  it.each([{ a: { $slice: 1 } }, { a: { $elemMatch: { b: 1 } } }, { 'a.$': 1 }, { a: '$b' }, { a: 1, b: 0 }])(
    'projection %j',
    async (projection) => {
      await expect(collection.findOne({}, { projection: projection as never })).rejects.toThrow(
        /projection|path/,
      );
    },
  );

  it.each([{ a: 2 }, { a: { $meta: 'textScore' } }, { $natural: 1 }])('sort %j', async (sort) => {
    await expect(collection.findOne({}, { sort: sort as never })).rejects.toThrow(/subset/);
  });
});
