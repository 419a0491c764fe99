import { operationsOf } from '@shop/router/client-operations';
import fc from 'fast-check';
import { buildSchema, parse, validate, validateSchema } from 'graphql';
import { expect, test } from 'vitest';
import { graphChanges } from './graph-change.ts';
import { editsOf, printModel, type SchemaModel } from './test/schema-model.ts';

const node = { id: { type: 'ID!', args: {} } };
const named = { ...node, name: { type: 'String', args: { upper: 'Boolean = false', style: 'Style' } } };
const plain = (type: string) => ({ type, args: {} });

const model: SchemaModel = {
  directives: { live: { locations: ['FIELD', 'QUERY'], args: { seconds: 'Int', mode: 'Mode = FAST' } } },
  enums: { Mode: ['FAST', 'EXACT'], Sort: ['NEWEST', 'CHEAPEST', 'NAME'] },
  inputs: {
    Style: { size: 'Int = 3', font: 'Font', weight: 'Int! = 1' },
    Font: { family: 'String', mode: 'Mode', parents: '[Font!]' },
    Filter: { words: 'String', sort: 'Sort = NEWEST', not: 'Filter', style: 'Style' },
    NewProduct: { name: 'String!', price: 'Int!', sort: 'Sort', tags: '[String!]' },
  },
  unions: { Found: ['Product', 'Seller', 'Review'] },
  types: {
    Node: { kind: 'interface', implements: [], fields: node },
    Named: { kind: 'interface', implements: ['Node'], fields: named },
    Product: {
      kind: 'type',
      implements: ['Named', 'Node'],
      fields: {
        ...named,
        price: plain('Int'),
        seller: plain('Seller'),
        related: { type: '[Found!]', args: { first: 'Int!', sort: 'Sort' } },
      },
    },
    Seller: {
      kind: 'type',
      implements: ['Named', 'Node'],
      fields: {
        ...named,
        sort: plain('Sort'),
        products: { type: '[Product!]!', args: { filter: 'Filter' } },
      },
    },
    Review: {
      kind: 'type',
      implements: ['Node'],
      fields: { ...node, text: plain('String'), about: plain('Product') },
    },
    Query: {
      kind: 'type',
      implements: [],
      fields: {
        node: { type: 'Node', args: { id: 'ID!' } },
        all: { type: '[Named]', args: { filter: 'Filter', first: 'Int! = 10' } },
        search: { type: '[Found]', args: { words: 'String!' } },
        product: { type: 'Product', args: { id: 'ID!' } },
      },
    },
    Mutation: {
      kind: 'type',
      implements: [],
      fields: {
        add: { type: 'Product', args: { input: 'NewProduct!', note: 'String' } },
        rename: { type: 'Named', args: { id: 'ID!', name: 'String!' } },
      },
    },
  },
};

const operations = operationsOf(
  'operations.graphql',
  `
  query NodeOnly { node(id: 1) { id } }
  query NodeNamed { node(id: 1) { __typename ... on Named { name(upper: true) } } }
  query NodeReview { node(id: 1) { ... on Review { text about { price } } } }
  query All($filter: Filter) { all(filter: $filter) { id name } }
  query AllLiteral { all(filter: { words: "a", not: { sort: CHEAPEST } }, first: 3) { name(style: { font: { family: "f" } }) } }
  query AllSorted($sort: Sort = NAME) { all(filter: { sort: $sort }) { ... on Seller { sort } } }
  query Search { search(words: "a") { __typename ... on Product { price seller { ...Sold } } ... on Node { id } } }
  fragment Sold on Seller { name products { id } }
  query Related { product(id: 1) { related(first: 2, sort: NEWEST) { ... on Seller { name } } } }
  query Live @live { product(id: 1) { name @live(seconds: 3, mode: EXACT) price @live } }
  query Styled($style: Style) { product(id: 1) { name(style: $style) } }
  query Fonts($font: Font!) { product(id: 1) { name(style: { font: $font, weight: 2 }) } }
  mutation Add { add(input: { name: "a", price: 3, tags: ["b"] }) { id } }
  mutation AddAny($input: NewProduct!) { add(input: $input) { id } }
  mutation Rename { rename(id: 1, name: "b") { name ... on Product { price } } }
  `,
);

const base = buildSchema(printModel(model));

test('the operations are valid before', () => {
  for (const { name, body } of operations) expect(validate(base, parse(body)), name).toEqual([]);
});

test('whatever breaks an operation is named with it, by its kind', async () => {
  let broken = 0;
  const edits = editsOf(model);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(edits.length - 1), { minLength: 1, maxLength: 3 }), async (chosen) => {
      const edited = structuredClone(model);
      for (const index of chosen) edits[index]?.(edited);
      const head = buildSchema(printModel(edited));
      fc.pre(validateSchema(head).length === 0);
      const variant = { variant: 'public', base, head, operations, usage: undefined } as const;
      const changes = await graphChanges([{ ...variant, today: new Date(0), definers: [] }]);
      const named = new Set(
        changes.filter(({ excuse }) => excuse === null).flatMap((each) => each.operations),
      );
      const invalid = operations.filter(({ body }) => validate(head, parse(body)).length > 0);
      broken += invalid.length;
      expect(invalid.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
    }),
    { numRuns: 150 },
  );
  expect(broken).toBeGreaterThan(50);
});
