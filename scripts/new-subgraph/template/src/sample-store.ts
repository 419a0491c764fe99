import type { Documents, Index } from '@shop/shared/documents/port';
import { maxSamplesPerProduct, type Sample } from './sample.ts';

export type SampleStore = ReturnType<typeof createSampleStore>;

const indexes: Index[] = [{ key: { productId: 1, _id: -1 } }];

/** The collection `samples`; nothing else touches it. */
export function createSampleStore(documents: Documents) {
  const samples = documents.collection<Sample>('samples');
  return {
    createIndexes: () => samples.createIndexes(indexes),

    async insert(sample: Sample): Promise<void> {
      await samples.insertOne(sample);
    },

    /** The sample as it was, null if there was none. */
    remove: (_id: string): Promise<Sample | null> => samples.findOneAndDelete({ _id }),

    countOf: (productId: string): Promise<number> => samples.countDocuments({ productId }),

    /** Those of at most `ids.length` that exist, in any order. */
    findByIds: (ids: readonly string[]): Promise<Sample[]> =>
      samples.find({ _id: { $in: [...ids] } }, { limit: ids.length }).toArray(),

    /** One page in the order of _id, which is the order of creation. */
    page(after: string | null, first: number): Promise<Sample[]> {
      const filter = after === null ? {} : { _id: { $gt: after } };
      return samples.find(filter, { sort: { _id: 1 }, limit: first }).toArray();
    },

    /** All of these products in one query: by product, then newest first. */
    findByProducts: (productIds: readonly string[]): Promise<Sample[]> =>
      samples
        .find(
          { productId: { $in: [...productIds] } },
          { sort: { productId: 1, _id: -1 }, limit: productIds.length * maxSamplesPerProduct },
        )
        .toArray(),
  };
}
