import { expect, it } from 'vitest';
import { countCalls } from './count-calls.ts';
import { openEmbeddedDocuments } from './embedded/open-embedded-documents.ts';
import { interceptDocuments } from './intercept-documents.ts';

it('counts every operation of every collection, queries when they run', async () => {
  const counted = countCalls(openEmbeddedDocuments({ file: ':memory:' }));
  const a = counted.documents.collection<{ _id: string; n: number }>('a');
  await a.createIndexes([{ key: { n: 1 } }]);
  counted.reset();
  await a.insertOne({ _id: 'x', n: 1 });
  const cursor = a.find({}, { limit: 5 });
  expect(counted.calls()).toBe(1);
  expect(await cursor.toArray()).toEqual([{ _id: 'x', n: 1 }]);
  await a.findOne({});
  await a.updateOne({ _id: 'x' }, { $inc: { n: 1 } });
  await a.updateMany({}, { $inc: { n: 1 } });
  await a.findOneAndUpdate({ _id: 'x' }, { $inc: { n: 1 } });
  await a.findOneAndDelete({ _id: 'y' });
  await a.deleteOne({ _id: 'y' });
  await a.deleteMany({ _id: 'y' });
  await a.bulkWrite([{ deleteOne: { filter: { _id: 'y' } } }, { deleteOne: { filter: { _id: 'z' } } }]);
  await counted.documents.collection('b').countDocuments({});
  expect(counted.calls()).toBe(11);
  await counted.documents.close();
});

it('lets a test stand before and after every operation', async () => {
  const seen: string[] = [];
  const documents = interceptDocuments(
    openEmbeddedDocuments({ file: ':memory:' }),
    async (operation, run) => {
      seen.push(`${operation.collection}.${operation.method}(${JSON.stringify(operation.args)})`);
      if (operation.method === 'deleteMany') throw new Error('crashed');
      return run();
    },
  );
  const a = documents.collection<{ _id: string }>('a');
  await a.insertOne({ _id: 'x' });
  await expect(a.deleteMany({})).rejects.toThrow('crashed');
  expect(await a.find({}, { limit: 1 }).toArray()).toEqual([{ _id: 'x' }]);
  expect(seen).toEqual(['a.insertOne([{"_id":"x"}])', 'a.deleteMany([{}])', 'a.find([{},{"limit":1}])']);
  await documents.close();
});
