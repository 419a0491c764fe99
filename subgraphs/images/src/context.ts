import { createBatchLoader } from '@shop/shared/graphql/batch-loader';
import { maxPageSize } from '@shop/shared/graphql/paging';
import type { Caller } from '@shop/shared/identity/caller';
import DataLoader from 'dataloader';
import type { Image } from './image.ts';
import type { ImageStore } from './image-store.ts';

/** What lives as long as one request. */
export interface ImagesContext {
  caller: Caller;
  imageById: DataLoader<string, Image | null>;
  /** All images of a product, in the order in which they are shown. */
  imagesOfProduct: DataLoader<string, Image[]>;
}

/** Makes the context of each request; its loaders ask the store once per batch. */
export function createImagesContext(store: Pick<ImageStore, 'findByIds' | 'findByProducts'>) {
  return (caller: Caller): ImagesContext => ({
    caller,
    imageById: createBatchLoader(
      (ids) => store.findByIds(ids),
      (image) => image._id,
    ),
    imagesOfProduct: new DataLoader((productIds) => loadImages(store, productIds), {
      maxBatchSize: maxPageSize,
    }),
  });
}

async function loadImages(
  store: Pick<ImageStore, 'findByProducts'>,
  productIds: readonly string[],
): Promise<Image[][]> {
  const byProduct = Map.groupBy(await store.findByProducts(productIds), (image) => image.productId);
  return productIds.map((productId) => byProduct.get(productId) ?? []);
}
