import { dateTimeScalar } from '@shop/shared/graphql/date-time';
import { badUserInput, shopError } from '@shop/shared/graphql/errors';
import { parseAfter, parseFirst } from '@shop/shared/graphql/paging';
import { parseInput } from '@shop/shared/graphql/parse-input';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { requireScope } from '@shop/shared/identity/caller';
import { type CatalogArgs, readCatalog } from './catalog.ts';
import type { Context } from './context.ts';
import type { ManageOutcome, ManageProducts } from './manage-products.ts';
import type { ProductCache } from './product-cache.ts';
import { newProductInput, productEditInput, stockAdjustmentInput } from './product-input.ts';
import type { ProductQueries } from './product-queries.ts';
import { isProductId, type Product } from './public-product.ts';

export interface ResolverDependencies {
  manage: ManageProducts;
  queries: ProductQueries;
  cache: ProductCache;
}

const defaultListSize = 100;

/** The resolvers of the Products subgraph over its queries, cache and changes. */
export function createResolvers(dependencies: ResolverDependencies): Resolvers {
  return {
    DateTime: dateTimeScalar,
    Query: createQueries(dependencies),
    Mutation: createMutations(dependencies),
    Product: {
      __resolveReference: ({ _id }: { _id: unknown }, { products }: Context) =>
        isProductId(_id) ? products.load(_id) : null,
      inventory: ({ _id }: Product, _: unknown, { inventories }: Context) => inventories.load(_id),
    },
  };
}

interface PageArgs {
  first?: number | null;
  after?: string | null;
}

function createQueries({ queries, cache }: ResolverDependencies) {
  return {
    async products(_: unknown, args: PageArgs, { listed }: Context) {
      const first = parseFirst(args.first, defaultListSize);
      const after = parseAfter(args.after);
      const page = await cache.readList(first, after, () => queries.list(first, after));
      for (const { _id } of page) listed.add(_id);
      return page;
    },
    product: (_: unknown, { id }: { id: string }) =>
      isProductId(id) ? cache.readProduct(id, () => queries.find(id)) : null,
    catalog(_: unknown, args: CatalogArgs, { caller }: Context) {
      if (args.status === 'INACTIVE') requireScope(caller, 'products:read');
      return readCatalog(args, queries.catalog);
    },
  };
}

function createMutations({ manage }: ResolverDependencies) {
  return {
    createProduct(_: unknown, { input }: { input?: unknown }, { caller }: Context) {
      requireScope(caller, 'products:write');
      return manage.create(parseInput(newProductInput, input, 'input'));
    },
    async updateProduct(_: unknown, { id, input }: { id: string; input: unknown }, { caller }: Context) {
      requireScope(caller, 'products:write');
      return toProduct(id, await manage.update(id, parseInput(productEditInput, input, 'input')));
    },
    async deleteProduct(_: unknown, { id }: { id: string }, { caller }: Context) {
      requireScope(caller, 'products:write');
      return toProduct(id, await manage.delete(id));
    },
    async adjustStock(_: unknown, { id, ...args }: { id: string }, { caller }: Context) {
      requireScope(caller, 'products:write');
      return toProduct(id, await manage.adjustStock(id, parseInput(stockAdjustmentInput, args, '')));
    },
  };
}

function toProduct(id: string, outcome: ManageOutcome): Product {
  switch (outcome.kind) {
    case 'done':
      return outcome.product;
    case 'not-found':
      throw shopError('NOT_FOUND', `There is no product with the id ${JSON.stringify(id.slice(0, 64))}.`);
    case 'invalid':
      throw badUserInput(outcome.fields);
    case 'insufficient-stock':
      throw shopError('INSUFFICIENT_STOCK', `There are only ${outcome.available} in stock.`);
    case 'contended':
      throw shopError('SERVICE_UNAVAILABLE', 'The product is changing too fast right now. Try again.', {
        retryAfterSeconds: 1,
      });
  }
}
