import { shopError } from '@shop/shared/graphql/errors';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { GraphQLError } from 'graphql';

/** What the small shop sells; a test that adds to it takes it away again. */
export const catalogue = [
  { _id: '1', name: 'Bar' },
  { _id: '2', name: 'Cake' },
];

const failures: Record<string, () => Error> = {
  RATE_LIMITED: () => shopError('RATE_LIMITED', 'Come back later.', { retryAfterSeconds: 30 }),
  BAD_USER_INPUT: () =>
    shopError('BAD_USER_INPUT', 'name: too long', { fields: [{ path: 'name', message: 'too long' }] }),
  UNKNOWN: () => new GraphQLError('secret', { extensions: { code: 'SOMETHING', stacktrace: ['secret'] } }),
  NONE: () => new Error('connect to 10.0.0.7:27017 failed'),
};

export const productResolvers: Resolvers = {
  Query: {
    products: () => catalogue,
    product: (_: unknown, { id }: { id: string }) => catalogue.find(({ _id }) => _id === id),
    failing: (_: unknown, { code }: { code: string }) => {
      throw failures[code]?.() ?? new Error(code);
    },
  },
  Mutation: { rename: (_: unknown, { name }: { name: string }) => ({ _id: '1', name }) },
};

export const imageResolvers: Resolvers = {
  Product: {
    __resolveReference: (product: { _id: string }) => product,
    images: ({ _id }: { _id: string }) => {
      if (_id === '9') throw failures.RATE_LIMITED?.();
      return [{ url: `https://images.example/${_id}` }];
    },
  },
  Query: { images: () => [{ url: 'https://images.example/1' }] },
};
