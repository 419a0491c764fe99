import fc from 'fast-check';
import { find } from 'mingo';
import { expect, it } from 'vitest';
import { type AnyDoc, freshCollection } from '../../../test/documents-adapters.ts';
import { anyMongoFilter, documentsOf, indexSets } from '../../../test/random-documents.ts';
import { openEmbeddedDocuments } from './open-embedded-documents.ts';

// Whatever indexes there are, and whichever is chosen: the answer is that of plain mingo over all documents.
it('the choice of an index never changes the answer', { timeout: 120_000 }, async () => {
  const store = openEmbeddedDocuments({ file: ':memory:' });
  const property = fc.asyncProperty(
    documentsOf(),
    indexSets,
    fc.array(anyMongoFilter, { minLength: 5 }),
    async (documents, indexes, filters) => {
      const collection = freshCollection(store);
      await collection.createIndexes(indexes);
      for (const document of documents) await collection.insertOne(document);
      for (const filter of filters) {
        const expected = find<AnyDoc>(documents, filter as never, {}).all();
        const ids = expected.map((document) => document._id).sort();
        const found = await collection.find(filter, { limit: 1000 }).toArray();
        expect(found.map((document) => document._id).sort()).toEqual(ids);
        expect(await collection.countDocuments(filter)).toBe(ids.length);
      }
    },
  );
  await fc.assert(property, { numRuns: 200 });
  await store.close();
});

it('the choice of an index never changes the order', { timeout: 120_000 }, async () => {
  const store = openEmbeddedDocuments({ file: ':memory:' });
  const sorts = fc.constantFrom(
    { n: 1, _id: 1 },
    { n: -1, _id: -1 },
    { n: 1, s: -1, _id: 1 },
    { s: -1, _id: -1 },
    { at: 1, _id: 1 },
    { tags: 1, _id: 1 },
    { 'lines.q': -1, _id: 1 },
  );
  const property = fc.asyncProperty(
    documentsOf(),
    indexSets,
    anyMongoFilter,
    sorts,
    fc.integer({ min: 1, max: 9 }),
    async (documents, indexes, filter, sort, limit) => {
      const [plain, indexed] = [freshCollection(store), freshCollection(store)];
      await indexed.createIndexes([...indexes, { key: sort as never }]);
      for (const document of documents)
        await Promise.all([plain.insertOne(document), indexed.insertOne(document)]);
      const options = { sort: sort as Record<string, 1 | -1>, limit };
      expect(await indexed.find(filter, options).toArray()).toEqual(
        await plain.find(filter, options).toArray(),
      );
    },
  );
  await fc.assert(property, { numRuns: 200 });
  await store.close();
});
