import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyDoc, anyUpdate, freshCollection, openReal } from '../../test/documents-adapters.ts';
import { anyFilter, documentsOf, indexSets, updateOf } from '../../test/random-documents.ts';
import { mongodbUri } from '../../test/real-servers.ts';
import { openEmbeddedDocuments } from './embedded/open-embedded-documents.ts';
import type { Collection } from './port.ts';

const BY_ID = { sort: { _id: 1 }, limit: 1000 } as const;

// The real server decides what is right: both adapters get the same random work and must agree after each step.
describe.runIf(mongodbUri)('the embedded adapter answers as the real one', () => {
  it('filters and updates', { timeout: 120_000 }, async () => {
    const real = await openReal(mongodbUri!);
    const embedded = openEmbeddedDocuments({ file: ':memory:' });
    const step = fc.record({
      filter: anyFilter,
      update: updateOf(),
      kind: fc.constantFrom('one', 'many', 'upsert'),
    });
    const property = fc.asyncProperty(
      documentsOf(),
      indexSets,
      fc.array(step, { maxLength: 8 }),
      async (documents, indexes, steps) => {
        const both = [freshCollection(embedded), freshCollection(real.documents)];
        const agree = async (run: (collection: Collection<AnyDoc>) => Promise<unknown>) => {
          const [left, right] = await Promise.all(both.map(run));
          expect(left).toEqual(right);
        };
        for (const collection of both) {
          await collection.createIndexes(indexes);
          if (documents.length > 0)
            await collection.bulkWrite(documents.map((document) => ({ insertOne: { document } })));
        }
        for (const { filter, update, kind } of steps) {
          await agree((collection) => collection.find(filter, BY_ID).toArray());
          if (kind === 'many') await agree((collection) => collection.updateMany(filter, anyUpdate(update)));
          else {
            const options = { upsert: kind === 'upsert' };
            await agree((collection) => collection.updateOne({ _id: 'd07' }, anyUpdate(update), options));
          }
          await agree((collection) => collection.find({}, BY_ID).toArray());
        }
      },
    );
    await fc.assert(property, { numRuns: 200 });
    await real.remove();
    await embedded.close();
  });
});
