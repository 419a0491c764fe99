import { dateTimeScalar } from '@shop/shared/graphql/date-time';
import { badUserInput, shopError } from '@shop/shared/graphql/errors';
import { parseAfter, parseFirst } from '@shop/shared/graphql/paging';
import { parseInput } from '@shop/shared/graphql/parse-input';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { requireAdmin } from '@shop/shared/identity/caller';
import type { TemplateContext } from './context.ts';
import { createSample } from './create-sample.ts';
import { maxSamplesPerProduct, type Sample } from './sample.ts';
import { newSampleInput } from './sample-input.ts';
import type { SampleStore } from './sample-store.ts';

export interface TemplateDomain {
  store: SampleStore;
  clock: () => Date;
  newId: () => string;
}

/** The resolvers of the Template subgraph over its store. */
export function createResolvers(domain: TemplateDomain): Resolvers {
  return {
    DateTime: dateTimeScalar,
    Query: queries(domain),
    Mutation: mutations(domain),
    Sample: sampleFields,
    Product: productFields,
  };
}

const sampleFields = {
  __resolveReference: ({ _id }: { _id: unknown }, { sampleById }: TemplateContext) =>
    sampleById.load(String(_id)),
  product: ({ productId }: Sample) => ({ __typename: 'Product', _id: productId }),
};

const productFields = {
  // Any id may be a product's: whether it is one, Products knows.
  __resolveReference: ({ _id }: { _id: unknown }) => ({ _id: String(_id) }),
  async samples(
    { _id }: { _id: string },
    args: { first?: number | null },
    { samplesOfProduct }: TemplateContext,
  ): Promise<Sample[]> {
    const first = parseFirst(args.first, 10);
    return (await samplesOfProduct.load(_id)).slice(0, first);
  },
};

function queries({ store }: TemplateDomain) {
  return {
    samples: (_: unknown, { first, after }: { first?: number | null; after?: string | null }) =>
      store.page(parseAfter(after), parseFirst(first, 100)),
    sample: (_: unknown, { id }: { id: string }, { sampleById }: TemplateContext) => sampleById.load(id),
  };
}

function mutations({ store, clock, newId }: TemplateDomain) {
  return {
    async createSample(_: unknown, args: { input: unknown }, { caller }: TemplateContext) {
      requireAdmin(caller);
      const input = parseInput(newSampleInput, args.input, 'input');
      const outcome = await createSample(input, { store, clock, newId });
      if (outcome.kind === 'created') return outcome.sample;
      const message = `has ${maxSamplesPerProduct} samples already: delete one first`;
      throw badUserInput([{ path: 'input.productId', message }]);
    },
    async deleteSample(_: unknown, { id }: { id: string }, { caller }: TemplateContext) {
      requireAdmin(caller);
      const removed = await store.remove(id);
      if (removed) return removed;
      throw shopError('NOT_FOUND', `There is no sample with the id ${JSON.stringify(id.slice(0, 64))}.`);
    },
  };
}
