import type { Cache } from '@shop/shared/cache/port';
import { createReadThrough } from '@shop/shared/cache/read-through';
import type { Product } from './public-product.ts';

/** Bounds how old a read can be when an invalidation got lost with the process that owed it. */
const ttlMs = 30_000;

/** Every page of the list. Its parts are the products that a page shows. */
const listScope = 'products';
const productScope = (id: string) => `product:${id}`;

export interface ProductInvalidation {
  /**
   * Resolves once no read that begins now can be answered from before. To be awaited after a change is stored
   * and before anybody is told of it. Never rejects. A change of `stock` alone moves no product into a list or out of
   * it, so it leaves the pages that do not show these products as they are.
   */
  invalidate(productIds: Iterable<string>, change: 'stock' | 'anything'): Promise<void>;
}

/** The reads that are answered from the cache. Stock is never decided from them. */
export interface ProductCache extends ProductInvalidation {
  readProduct(id: string, load: () => Promise<Product | null>): Promise<Product | null>;
  readList(first: number, after: string | null, load: () => Promise<Product[]>): Promise<Product[]>;
  /** What an operation was answered, in JSON, that shows nothing but pages of the list; `key` names it whole. */
  readAnswer<Data>(key: string, load: () => Promise<ListAnswer<Data>>): Promise<Data>;
}

export interface ListAnswer<Data> {
  data: Data;
  /** The products on the pages, whether the answer has their ids or not. */
  productIds: string[];
}

/** The cache of products in the scopes above: without the cache behind it, every read loads. */
export function createProductCache(cache: Cache): ProductCache {
  const readThrough = createReadThrough(cache);

  return {
    async readProduct(id, load) {
      const read = await readThrough.read<Cached | null>({ scope: productScope(id), key: id, ttlMs }, load);
      return read && revive(read);
    },
    async readList(first, after, load) {
      const entry = { scope: listScope, key: `${first}:${after ?? ''}`, ttlMs };
      return (await readThrough.read<Cached[]>(entry, load, (page) => page.map(({ _id }) => _id))).map(
        revive,
      );
    },
    readAnswer<Data>(key: string, load: () => Promise<ListAnswer<Data>>) {
      let shown: string[] = [];
      const loadData = async () => {
        const { data, productIds } = await load();
        shown = productIds;
        return data;
      };
      return readThrough.read({ scope: listScope, key: `answer:${key}`, ttlMs }, loadData, () => shown);
    },
    async invalidate(productIds, change) {
      const ids = [...new Set(productIds)];
      if (ids.length === 0) return;
      const scopes = ids.map(productScope);
      if (change === 'anything') return cache.invalidate([listScope, ...scopes]);
      await Promise.all([cache.invalidate(scopes), cache.invalidateParts(listScope, ids)]);
    },
  };
}

/** A product after its way through JSON. */
type Cached = Omit<Product, 'createdAt' | 'updatedAt'> & {
  createdAt: Date | string;
  updatedAt: Date | string;
};

function revive(cached: Cached): Product {
  return { ...cached, createdAt: new Date(cached.createdAt), updatedAt: new Date(cached.updatedAt) };
}
