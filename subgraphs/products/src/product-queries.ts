import type { Documents, Filter } from '@shop/shared/documents/port';
import type { CatalogQuery } from './catalog.ts';
import { type Inventory, inventoryOf } from './inventory.ts';
import type { ProductDoc } from './product.ts';
import { productsOf } from './product-store.ts';
import { type Product, publicFields, toPublicProduct } from './public-product.ts';
import { prefixOf } from './terms.ts';

export interface ProductQueries {
  find(id: string): Promise<Product | null>;
  /** In any order; what is not there or DELETED is left out. */
  findMany(ids: readonly string[]): Promise<Product[]>;
  /** ACTIVE ones by _id, behind `after`. */
  list(first: number, after: string | null): Promise<Product[]>;
  /** Up to `limit` products of a catalog query, in its order. */
  catalog(query: CatalogQuery, limit: number): Promise<Product[]>;
  inventories(ids: readonly string[]): Promise<Inventory[]>;
}

const isThere = { status: { $ne: 'DELETED' } } as const;

/** The readers' queries: each is one question to the database, answered by an index, and bounded. */
export function createProductQueries(documents: Documents): ProductQueries {
  const products = productsOf(documents);

  async function show(filter: Filter<ProductDoc>, limit: number, sort?: Record<string, 1 | -1>) {
    const options = { limit, projection: publicFields, ...(sort && { sort }) };
    return (await products.find(filter, options).toArray()).map(toPublicProduct);
  }

  return {
    async find(id) {
      const found = await products.findOne({ _id: id, ...isThere }, { projection: publicFields });
      return found && toPublicProduct(found);
    },
    findMany: (ids) => show({ _id: { $in: [...ids] }, ...isThere }, ids.length),
    list: (first, after) =>
      show({ status: 'ACTIVE', ...(after !== null && { _id: { $gt: after } }) }, first, { _id: 1 }),
    catalog(query, limit) {
      const { field, direction } = query.order;
      return show(catalogFilter(query), limit, { [field]: direction, _id: direction });
    },
    async inventories(ids) {
      const projection = { quantity: 1, committed: 1, holds: 1 } as const;
      const filter: Filter<ProductDoc> = { _id: { $in: [...ids] }, ...isThere };
      const found = await products.find(filter, { limit: ids.length, projection }).toArray();
      return found.map(inventoryOf);
    },
  };
}

function catalogFilter({ status, words, order, after }: CatalogQuery): Filter<ProductDoc> {
  const filter: Filter<ProductDoc> = { status };
  if (words.length > 0) filter.terms = { $all: words.map(prefixOf) };
  if (after) {
    const beyond = order.direction === 1 ? '$gt' : '$lt';
    const { value, id } = after;
    filter.$or = [
      { [order.field]: { [beyond]: value } },
      { [order.field]: value, _id: { [beyond]: id } },
    ] as Filter<ProductDoc>[];
  }
  return filter;
}
