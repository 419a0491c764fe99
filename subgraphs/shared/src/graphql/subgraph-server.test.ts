import { gql } from 'graphql-tag';
import { afterEach, expect, test } from 'vitest';
import { post, type SmallContext, startSmallSubgraph } from '../../test/small-subgraph.ts';
import { createAuthenticate } from '../identity/authenticate.ts';
import { requireAdmin } from '../identity/caller.ts';
import { UnavailableError } from '../unavailable.ts';
import type { HttpListener } from './http-listener.ts';

const started: HttpListener[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close(0);
});

const typeDefs = gql(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  type Thing @key(fields: "_id") { _id: ID! name: String }
  type Query { caller: String admin: Boolean broken: String away: String }
`);

const resolvers = {
  Thing: { __resolveReference: ({ _id }: { _id: string }) => ({ _id, name: `thing ${_id}` }) },
  Query: {
    caller: (_: unknown, __: unknown, { caller }: SmallContext) => caller.userId,
    admin: (_: unknown, __: unknown, { caller }: SmallContext) => {
      requireAdmin(caller);
      return true;
    },
    broken: () => {
      throw new Error('SELECT * FROM secrets');
    },
    away: () => {
      throw new UnavailableError('10.0.0.7 refused');
    },
  },
};

/** Asks a server of its own, whose only token is `ann`. */
async function ask(
  body: { query: string; variables?: object },
  headers: Record<string, string> = {},
): Promise<unknown> {
  const authenticate = createAuthenticate({
    apiSecret: 'a-secret-for-tests',
    verifyToken: async () => ({ userId: 'ann', expiresAtMs: Number.POSITIVE_INFINITY }),
  });
  const server = await startSmallSubgraph({ typeDefs, resolvers, authenticate });
  started.push(server);
  return (await post(server.url, JSON.stringify(body), headers)).json();
}

test('entities are resolved by their keys', async () => {
  const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { name } } }';
  const variables = { r: ['a', 'b'].map((_id) => ({ __typename: 'Thing', _id })) };
  expect(await ask({ query, variables })).toEqual({
    data: { _entities: [{ name: 'thing a' }, { name: 'thing b' }] },
  });
});

test('the SDL is served to composition', async () => {
  expect(await ask({ query: '{ _service { sdl } }' })).toMatchObject({
    data: { _service: { sdl: expect.stringContaining('type Thing') } },
  });
});

test('the headers become the caller', async () => {
  expect(await ask({ query: '{ caller }' })).toEqual({ data: { caller: null } });
  expect(await ask({ query: '{ caller }' }, { authorization: 'Bearer x' })).toEqual({
    data: { caller: 'ann' },
  });
  expect(await ask({ query: '{ admin }' }, { 'x-api-key': 'a-secret-for-tests' })).toEqual({
    data: { admin: true },
  });
});

test('an error is answered without a trace of the inside', async () => {
  const broken = await ask({ query: '{ broken }' });
  expect(broken).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
  expect(JSON.stringify(broken)).not.toMatch(/secrets|\.ts|stack/);
  expect(await ask({ query: '{ away }' })).toMatchObject({
    errors: [{ path: ['away'], extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 } }],
  });
});
