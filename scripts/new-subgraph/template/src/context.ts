import { createBatchLoader } from '@shop/shared/graphql/batch-loader';
import { maxPageSize } from '@shop/shared/graphql/paging';
import type { Caller } from '@shop/shared/identity/caller';
import DataLoader from 'dataloader';
import type { Sample } from './sample.ts';
import type { SampleStore } from './sample-store.ts';

/** What lives as long as one request. */
export interface TemplateContext {
  caller: Caller;
  sampleById: DataLoader<string, Sample | null>;
  /** All samples of a product, newest first. */
  samplesOfProduct: DataLoader<string, Sample[]>;
}

/** Makes the context of each request; its loaders ask the store once per batch. */
export function createTemplateContext(store: Pick<SampleStore, 'findByIds' | 'findByProducts'>) {
  return (caller: Caller): TemplateContext => ({
    caller,
    sampleById: createBatchLoader(
      (ids) => store.findByIds(ids),
      (sample) => sample._id,
    ),
    samplesOfProduct: new DataLoader((productIds) => loadByProduct(store, productIds), {
      maxBatchSize: maxPageSize,
    }),
  });
}

async function loadByProduct(
  store: Pick<SampleStore, 'findByProducts'>,
  productIds: readonly string[],
): Promise<Sample[][]> {
  const byProduct = Map.groupBy(await store.findByProducts(productIds), ({ productId }) => productId);
  return productIds.map((productId) => byProduct.get(productId) ?? []);
}
