import { gql } from 'graphql-tag';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admin, ask, authenticate, type Caller } from '../../test/ask.ts';
import { type SmallContext, startSmallSubgraph } from '../../test/small-subgraph.ts';
import type { HttpListener } from './http-listener.ts';

const typeDefs = gql(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@tag"])
  type Query { tea: Tea @tag(name: "shown"), margin: Int @tag(name: "internal") }
  type Tea { name: String, cost: Int @tag(name: "internal"), supplier: Int @tag(name: "internal") }
  type Supplier @key(fields: "_id") @tag(name: "internal") { _id: ID!, name: String }
`);

const resolvers = {
  Query: { tea: () => ({ name: 'tea', cost: 3 }), margin: () => 2 },
  Tea: { supplier: () => 7 },
  Supplier: { __resolveReference: () => ({ name: 'Ceylon' }) },
};

let subgraph: HttpListener;
beforeAll(async () => {
  subgraph = await startSmallSubgraph({
    typeDefs,
    resolvers,
    authenticate,
    createContext: (caller): SmallContext => ({ caller }),
  });
});
afterAll(() => subgraph.close());

const internal = [
  '{ tea { cost } }',
  '{ tea { supplier } }',
  '{ margin }',
  '{ _entities(representations: [{ __typename: "Supplier", _id: "1" }]) { ... on Supplier { name } } }',
];
const callers: [string, Caller, string | undefined][] = [
  ['nobody', {}, 'UNAUTHENTICATED'],
  ['a user', { user: 'ann' }, 'FORBIDDEN'],
  ['a client without the scope', { user: 'service:products:read,products:write' }, 'FORBIDDEN'],
  ['a client with the scope', { user: 'service:internal' }, undefined],
  ['the admin', admin, undefined],
];

test.each(callers)('internal fields, whatever the way to them, for %s', async (_, caller, code) => {
  for (const query of internal) {
    const { errors = [], data } = await ask(subgraph, query, {}, caller);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(code ? [code] : []);
    if (code) expect(JSON.stringify(data)).not.toMatch(/[237]|Ceylon/);
    else expect(JSON.stringify(data)).toMatch(/[237]|Ceylon/);
  }
});

test('other fields beside them are for everybody', async () => {
  expect(await ask(subgraph, '{ tea { name } }')).toEqual({ data: { tea: { name: 'tea' } } });
});
