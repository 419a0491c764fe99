import { expect, test } from 'vitest';
import { composeSupergraph, describeProblems } from './compose-supergraph.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])';
const users = `${link}\ntype User @key(fields: "id") { id: ID! name: String }\ntype Query { me: User }`;
const orders = `${link}\ntype User @key(fields: "id") { id: ID! orders: [String] }`;

function compose(...sdls: string[]) {
  const subgraphs = sdls.map((sdl, index) => ({
    name: `s${index}`,
    url: `http://127.0.0.1:${4_001 + index}/graphql`,
    file: `s${index}/schema.graphql`,
    sdl,
  }));
  return composeSupergraph({ federationVersion: '=2.14.4', subgraphs });
}

test('subgraphs compose into one supergraph with their addresses', () => {
  const result = compose(users, orders);
  expect(result).toMatchObject({ kind: 'composed' });
  if (result.kind !== 'composed') return;
  expect(result.supergraphSdl).toContain('url: "http://127.0.0.1:4002/graphql"');
  expect(result.supergraphSdl).toMatch(/orders: \[String\][^\n]*join__field/);
});

test('what does not compose is named with its code, subgraph and place', () => {
  const result = compose(users, orders.replace('orders:', 'name: Int\n orders:'));
  if (result.kind !== 'invalid') throw new Error('composed');
  expect(result.problems.map(({ code }) => code)).toContain('FIELD_TYPE_MISMATCH');
  const message = describeProblems(result.problems);
  expect(message).toContain('at s0/schema.graphql:2:');
  expect(message).toContain('at s1/schema.graphql:2:');
});

test('a schema that is not GraphQL is named with its file and line', () => {
  const result = compose(users, `${orders}\ntype {`);
  expect(result).toMatchObject({
    kind: 'invalid',
    problems: [{ code: 'INVALID_GRAPHQL', locations: ['s1/schema.graphql:3:6'] }],
  });
});

test('what composes and is odd all the same is a hint with its code and places', () => {
  const result = compose(
    users,
    orders.replace('type User', '"Somebody."\ntype User'),
    `${link}\n"Anybody."\ntype User @key(fields: "id") { id: ID! age: Int }`,
  );
  if (result.kind !== 'composed') throw new Error('invalid');
  expect(result.hints).toEqual([
    {
      code: 'INCONSISTENT_DESCRIPTION',
      message: expect.stringContaining('Element "User"'),
      locations: expect.arrayContaining(['s1/schema.graphql:2:1', 's2/schema.graphql:2:1']),
    },
  ]);
});
