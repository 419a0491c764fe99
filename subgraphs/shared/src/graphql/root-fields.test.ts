import { buildSchema, type GraphQLResolveInfo, graphql } from 'graphql';
import { expect, test } from 'vitest';
import { argumentsOfRootFields } from './root-fields.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Mutation { set(to: Int!): Int, other: Int }
`);

/** What the first field that runs is told of all. */
async function argumentsIn(source: string, variableValues: Record<string, unknown> = {}) {
  let found: unknown;
  const note = (_: unknown, __: unknown, info: GraphQLResolveInfo) => {
    found ??= argumentsOfRootFields(info, 'set');
    return 1;
  };
  const { errors } = await graphql({ schema, source, variableValues, rootValue: { set: note, other: note } });
  expect(errors).toBeUndefined();
  return found;
}

test.each([
  ['one', 'mutation { set(to: 1) }', [1]],
  ['none', 'mutation { other }', []],
  ['several, by their aliases', 'mutation { set(to: 1) b: set(to: 2) other c: set(to: 3) }', [1, 2, 3]],
  ['one that is written twice', 'mutation { set(to: 1) set(to: 1) b: set(to: 1) }', [1, 1]],
  [
    'in fragments',
    'mutation { ...F ...F ... { c: set(to: 3) } } fragment F on Mutation { b: set(to: 2) }',
    [2, 3],
  ],
  ['from variables', 'mutation ($n: Int!) { set(to: $n) }', [7]],
  [
    'not those that are left out',
    'mutation ($n: Int!, $no: Boolean = false) { b: set(to: $n) @include(if: $no) c: set(to: 1) @skip(if: true) d: set(to: 4) @include(if: true) }',
    [4],
  ],
])('%s', async (_, source, values) => {
  expect(await argumentsIn(source, { n: 7 })).toEqual(values.map((to) => ({ to })));
});
