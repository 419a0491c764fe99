import type { Cache } from '@shop/shared/cache/port';
import { createReadThrough } from '@shop/shared/cache/read-through';
import type { Product } from './public-product.ts';

/** Bounds how old a read can be when an invalidation got lost with the process that owed it. */
const ttlMs = 30_000;

/** Every page of the list: any change of a product may change any page. */
const listScope = 'products';
const productScope = (id: string) => `product:${id}`;

export interface ProductInvalidation {
  /**
   * Resolves once no read that begins now can be answered from before. To be awaited after a change is stored
   * and before anybody is told of it. Never rejects.
   */
  invalidate(productIds: Iterable<string>): Promise<void>;
}

/** The reads that are answered from the cache. Stock is never decided from them. */
export interface ProductCache extends ProductInvalidation {
  readProduct(id: string, load: () => Promise<Product | null>): Promise<Product | null>;
  readList(first: number, after: string | null, load: () => Promise<Product[]>): Promise<Product[]>;
  /** What an operation was answered, in JSON, that shows nothing but what the list does; `key` names it whole. */
  readAnswer<Data>(key: string, load: () => Promise<Data>): Promise<Data>;
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
      const key = `${first}:${after ?? ''}`;
      return (await readThrough.read<Cached[]>({ scope: listScope, key, ttlMs }, load)).map(revive);
    },
    readAnswer: (key, load) => readThrough.read({ scope: listScope, key: `answer:${key}`, ttlMs }, load),
    async invalidate(productIds) {
      const scopes = [...new Set(productIds)].map(productScope);
      if (scopes.length > 0) await cache.invalidate([listScope, ...scopes]);
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
