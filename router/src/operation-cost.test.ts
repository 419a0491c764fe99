import { buildSchema, getIntrospectionQuery, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { amountWith, type Variables } from './amount.ts';
import { costOf } from './operation-cost.ts';
import { defaultLimits } from './operation-limits.ts';
import { measureOperation } from './operation-shape.ts';

const schema = buildSchema(`
  interface Named { name: String pictures(first: Int = 5): [Picture!] }
  type Product implements Named { name: String pictures(first: Int = 5): [Picture!] tags: [String!] maker: Maker }
  type Maker implements Named { name: String pictures(first: Int = 5): [Picture!] orders(first: Int = 20): Orders! }
  type Picture { url: String product: Product }
  type Orders { nodes: [Order!]! edges: [Edge!]! page: Page! }
  type Edge { cursor: String node: Order! }
  type Page { hasNext: Boolean! }
  type Order { number: Int lines: [Line!] }
  type Line { count: Int product: Product }
  type Query { products(first: Int = 100): [Product]! named(first: Int): [Named] maker: Maker }
  type Mutation { rename(name: String): Product clear: Boolean }`);

function costIn(text: string, variables: Variables = {}) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const { rootFields } = measureOperation(document, operation);
  const cost = costOf(schema, document, operation, rootFields);
  return { cost: amountWith(cost, variables), isFixed: typeof cost === 'number' };
}

test.each([
  ['scalars and names of types are for nothing', '{ __typename }', 0],
  ['an object', '{ maker { name } }', 1],
  ['a list by its default', '{ products { name tags } }', 100],
  ['a list by its argument', '{ products(first: 7) { name } }', 7],
  ['a list of nothing', '{ products(first: 0) { name } }', 0],
  ['a list of less than nothing', '{ products(first: -9) { name } }', 0],
  ['a list of more than there can be', '{ products(first: 1000000) { name } }', 250],
  ['null is the default', '{ products(first: null) { name } }', 100],
  ['an argument without a default', '{ named { name } }', 10],
  ['lists in lists', '{ products(first: 250) { name pictures(first: 10) { url } } }', 250 * 11],
  ['a connection', '{ maker { orders(first: 50) { nodes { number } page { hasNext } } } }', 1 + 1 + 50 + 1],
  ['a connection by its default', '{ maker { orders { edges { node { number } } } } }', 1 + 1 + 20 * 2],
  ['a list that nothing bounds', '{ maker { orders(first: 2) { nodes { lines { count } } } } }', 2 + 2 * 11],
  [
    'what a connection says goes no further than its own lists',
    '{ maker { orders(first: 2) { nodes { lines { product { name } } } } } }',
    2 + 2 * (1 + 10 * 2),
  ],
  ['twice is twice', '{ a: maker { name } maker { name } ... on Query { maker { name } } }', 3],
  ['conditions are not looked at', '{ maker @skip(if: true) { name } }', 1],
  ['mutations', 'mutation { rename { name } clear }', 10 + 10 + 1],
  [
    'fragments at each spread, in connections and on interfaces too',
    `{ named(first: 3) { ...P ... on Maker { orders(first: 4) { ...O } } } maker { orders(first: 6) { ...O } } }
     fragment P on Named { pictures(first: 2) { url } }
     fragment O on Orders { nodes { number } }`,
    3 * (1 + 2 + 1 + 4) + 1 + 1 + 6,
  ],
])('%s', (_, text, cost) => {
  expect(costIn(text)).toEqual({ cost, isFixed: true });
});

describe('by variables', () => {
  const text = 'query ($n: Int, $m: Int = 3) { products(first: $n) { pictures(first: $m) { url } } }';
  test.each<[Variables, number]>([
    [{}, 100 * 4],
    [{ n: 20 }, 20 * 4],
    [{ n: 20, m: 250 }, 20 * 251],
    [{ n: 1e9, m: 1e9 }, 250 * 251],
    [{ n: -1, m: -1 }, 0],
    [{ n: null, m: null }, 100 * 6],
    // It will be refused when variables are checked.
    [{ n: '2', m: {} }, 250 * 251],
    [{ n: 20, other: 250 }, 20 * 4],
  ])('%j', (variables, cost) => {
    expect(costIn(text, variables)).toEqual({ cost, isFixed: false });
  });
});

test('introspection as tools do it is within all limits', () => {
  const text = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true });
  const { cost } = costIn(text);
  expect(cost).toBeGreaterThan(1_000);
  expect(cost).toBeLessThan(defaultLimits.cost);
});
