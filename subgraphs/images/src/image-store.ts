import { type Documents, DuplicateKeyError, type Index } from '@shop/shared/documents/port';
import { type Image, maxImagesPerProduct } from './image.ts';

export type ImageStore = ReturnType<typeof createImageStore>;

/** What may be changed of an image; undefined leaves it. */
export interface ImageEdit {
  url?: string | undefined;
  priority?: number | undefined;
}

const indexes: Index[] = [
  { key: { productId: 1, url: 1 }, unique: true },
  { key: { productId: 1, priority: -1, _id: 1 } },
];

/** The collection `images`; nothing else touches it. */
export function createImageStore(documents: Documents) {
  const images = documents.collection<Image>('images');
  return {
    createIndexes: () => images.createIndexes(indexes),

    /** The unique index decides between two that add one url at once. */
    insert: (image: Image) =>
      unlessDuplicate(async () => {
        await images.insertOne(image);
        return image;
      }),

    /** The image after the change, null if there is none. */
    update: (_id: string, edit: ImageEdit) =>
      unlessDuplicate(() => {
        const $set = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
        if (Object.keys($set).length === 0) return images.findOne({ _id });
        return images.findOneAndUpdate({ _id }, { $set }, { returnDocument: 'after' });
      }),

    /** The image as it was, null if there was none. */
    remove: (_id: string): Promise<Image | null> => images.findOneAndDelete({ _id }),

    countOf: (productId: string): Promise<number> => images.countDocuments({ productId }),

    /** Those of at most `ids.length` images that exist, in any order. */
    findByIds: (ids: readonly string[]): Promise<Image[]> =>
      images.find({ _id: { $in: [...ids] } }, { limit: ids.length }).toArray(),

    /** One page in the order of _id, which is the order of creation. */
    page(after: string | null, first: number): Promise<Image[]> {
      const filter = after === null ? {} : { _id: { $gt: after } };
      return images.find(filter, { sort: { _id: 1 }, limit: first }).toArray();
    },

    /** All images of these products in one query: by product, then highest priority first, then oldest first. */
    findByProducts: (productIds: readonly string[]): Promise<Image[]> =>
      images
        .find(
          { productId: { $in: [...productIds] } },
          {
            sort: { productId: 1, priority: -1, _id: 1 },
            limit: productIds.length * maxImagesPerProduct,
          },
        )
        .toArray(),
  };
}

async function unlessDuplicate<Result>(write: () => Promise<Result>): Promise<Result | 'duplicate'> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof DuplicateKeyError) return 'duplicate';
    throw error;
  }
}
