import { createBatchLoader } from '@shop/shared/graphql/batch-loader';
import type { Caller } from '@shop/shared/identity/caller';
import type DataLoader from 'dataloader';
import type { Inventory } from './inventory.ts';
import type { ProductQueries } from './product-queries.ts';
import type { Product } from './public-product.ts';

/** What lives as long as one request. The loaders ask the database, once per batch, never the cache. */
export interface Context {
  caller: Caller;
  products: DataLoader<string, Product | null>;
  inventories: DataLoader<string, Inventory | null>;
  /** The products on the pages of the list that this request was shown so far. */
  listed: Set<string>;
}

/** Makes the context of each request. */
export function createContext(queries: ProductQueries): (caller: Caller) => Context {
  return (caller) => ({
    caller,
    products: createBatchLoader(queries.findMany, (product) => product._id),
    inventories: createBatchLoader(queries.inventories, (inventory) => inventory.productId),
    listed: new Set(),
  });
}
