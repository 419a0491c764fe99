import { badUserInput } from '@shop/shared/graphql/errors';
import { type Connection, decodeCursor, parseFirst, toConnection } from '@shop/shared/graphql/paging';
import { z } from 'zod';
import type { Product } from './public-product.ts';
import { wordsOf } from './terms.ts';

export type CatalogSort = 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'NAME';

/** The arguments of the field `catalog` as GraphQL hands them over. */
export interface CatalogArgs {
  first?: number | null;
  after?: string | null;
  search?: string | null;
  status?: 'ACTIVE' | 'INACTIVE' | null;
  sort?: CatalogSort | null;
}

/** A question to the catalog, checked. */
export interface CatalogQuery {
  status: 'ACTIVE' | 'INACTIVE';
  /** Each must be the beginning of a word of the name; none: no search. */
  words: string[];
  order: Order;
  /** Where the page before ended. */
  after: { value: Date | number | string; id: string } | null;
}

/** The stored field that a sort goes by. Products that are equal in it follow their ids, in the same direction. */
interface Order {
  field: 'createdAt' | 'price' | 'nameKey';
  direction: 1 | -1;
}

const orders: Record<CatalogSort, Order> = {
  NEWEST: { field: 'createdAt', direction: -1 },
  PRICE_ASC: { field: 'price', direction: 1 },
  PRICE_DESC: { field: 'price', direction: -1 },
  NAME: { field: 'nameKey', direction: 1 },
};

const maxSearchLength = 200;
const maxSearchWords = 8;
const defaultPageSize = 20;

/** Checks the arguments (BAD_USER_INPUT) and answers the page that `load` gives for up to so many products. */
export async function readCatalog(
  args: CatalogArgs,
  load: (query: CatalogQuery, limit: number) => Promise<Product[]>,
): Promise<Connection<Product>> {
  const sort = args.sort ?? 'NEWEST';
  const first = parseFirst(args.first, defaultPageSize);
  const query: CatalogQuery = {
    status: args.status ?? 'ACTIVE',
    words: parseSearch(args.search ?? ''),
    order: orders[sort],
    after: typeof args.after === 'string' ? parseCursor(args.after, sort) : null,
  };
  const found = await load(query, first + 1);
  return toConnection(found, first, (product) => [sort, sortValue(product, sort), product._id]);
}

/** The words of a search: at most 8 in at most 200 characters. A text without a word in it is no search. */
function parseSearch(search: string): string[] {
  if (search.length > maxSearchLength) {
    throw badUserInput([{ path: 'search', message: `must have at most ${maxSearchLength} characters` }]);
  }
  const words = wordsOf(search);
  if (words.length > maxSearchWords) {
    throw badUserInput([{ path: 'search', message: `must have at most ${maxSearchWords} words` }]);
  }
  return words;
}

const id = z.string().min(1).max(64);
// The largest time that a Date can be: https://tc39.es/ecma262/#sec-time-values-and-time-range
const timeMs = z.int().min(0).max(8_640_000_000_000_000);

/** A cursor names the sort that it belongs to: a position in one order means nothing in another. */
function parseCursor(cursor: string, sort: CatalogSort): CatalogQuery['after'] {
  if (sort === 'NAME') {
    const [, value, _id] = decodeCursor(cursor, z.tuple([z.literal(sort), z.string().max(1000), id]));
    return { value, id: _id };
  }
  const [, value, _id] = decodeCursor(cursor, z.tuple([z.literal(sort), timeMs, id]));
  return { value: sort === 'NEWEST' ? new Date(value) : value, id: _id };
}

function sortValue(product: Product, sort: CatalogSort): string | number {
  if (sort === 'NEWEST') return product.createdAt.getTime();
  return sort === 'NAME' ? product.name.toLowerCase() : product.price;
}
