import { dirname, join } from 'node:path';
import { createSubgraphSchema } from '@shop/shared/graphql/subgraph-schema';
import {
  type GraphQLNamedOutputType,
  getNamedType,
  graphql,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { mockResolvers } from './mock-resolvers.ts';

const root = dirname(dirname(import.meta.dirname));
const { subgraphs } = readSupergraphConfig(join(root, 'supergraph.yaml'));

function mocked(sdl: string) {
  const typeDefs = parse(sdl);
  const schema = createSubgraphSchema(typeDefs, mockResolvers(typeDefs));
  const ask = async (source: string) => {
    const { data, errors } = await graphql({ schema, source });
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data));
  };
  return { schema, ask };
}

const sdlOf = (name: string) => subgraphs.find((subgraph) => subgraph.name === name)?.sdl ?? '';

describe.each(subgraphs)('mocked $name', ({ sdl }) => {
  const { schema, ask } = mocked(sdl);

  /** All leaves down to some depth; a field whose arguments are required is left out. */
  function selectionOf(type: GraphQLNamedOutputType, depth: number): string {
    if (!isCompositeType(type)) return '';
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    const selected = fields
      .filter(({ args }) => !args.some(isRequiredArgument))
      .map(({ name, type: of }) => ({ name, of: getNamedType(of) }))
      .filter(({ of }) => depth > 0 || !isCompositeType(of))
      .map(({ name, of }) => `${name} ${selectionOf(of, depth - 1)}`);
    return `{ __typename ${selected.join(' ')} }`;
  }

  test('every query is answered, whole, and twice the same', async () => {
    const queries = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
      ({ name }) => !name.startsWith('_'),
    );
    expect(queries).not.toEqual([]);
    for (const { name, args, type } of queries) {
      const id = args.some(isRequiredArgument) ? '(id: "thing-7")' : '';
      const query = `{ ${name}${id} ${selectionOf(getNamedType(type), 4)} }`;
      const answer = await ask(query);
      expect(answer[name], query).not.toBeNull();
      expect(await mocked(sdl).ask(query)).toEqual(answer);
    }
  });
});

describe('mocked entities', () => {
  const products = mocked(sdlOf('products'));
  const images = mocked(sdlOf('images'));
  const fields = '_id name price status createdAt';
  const entity = (id: string) =>
    `{ _entities(representations: [{ __typename: "Product", _id: "${id}" }]) { ... on Product { ${fields} } } }`;

  test('are the same by every way to them, and others by another id', async () => {
    const { product } = await products.ask(`{ product(id: "product-3") { ${fields} } }`);
    expect(product._id).toBe('product-3');
    expect((await products.ask(entity('product-3')))._entities).toEqual([product]);
    expect((await products.ask(entity('any-id')))._entities[0]).toMatchObject({ _id: 'any-id' });
    const names = [1, 2, 3, 4, 5, 6].map(
      async (n) => (await products.ask(`{ product(id: "product-${n}") { name } }`)).product.name,
    );
    expect(new Set(await Promise.all(names)).size).toBeGreaterThan(3);
  });

  test('have values that look like what they are', async () => {
    const { product } = await products.ask(`{ product(id: "product-3") { ${fields} } }`);
    expect(product).toEqual({
      _id: 'product-3',
      name: expect.stringMatching(/^[A-Z][a-z]+ [a-z]+$/),
      price: expect.any(Number),
      status: expect.stringMatching(/ACTIVE$/),
      createdAt: expect.stringMatching(/^2026-\d\d-\d\dT/),
    });
    const { image } = await images.ask('{ image(id: "image-3") { url productId product { _id } } }');
    expect(image.url).toMatch(/^https:\/\/example\.org\/.+\.png$/);
    expect(image.productId).toMatch(/^product-\d+$/);
    expect(image.product._id).toBe(image.productId);
    const { _entities } = await images.ask(
      `{ _entities(representations: [{ __typename: "Product", _id: "tea" }]) {
        ... on Product { images { productId product { _id } } }
      } }`,
    );
    expect(_entities[0].images).toEqual([1, 2, 3].map(() => ({ productId: 'tea', product: { _id: 'tea' } })));
  });

  test('of a list differ, are as many as asked for, and end', async () => {
    const idsOf = async (args: string) =>
      (await products.ask(`{ products${args} { _id } }`)).products.map(({ _id }: { _id: string }) => _id);
    expect(new Set(await idsOf('')).size).toBe(3);
    expect(await idsOf('(first: 2)')).toHaveLength(2);
    expect(await idsOf('(after: "product-1")')).toEqual([]);
    const { catalog } = await products.ask(
      `{ catalog(first: 2) { nodes { ${fields} } edges { cursor node { ${fields} } } pageInfo { hasNextPage } } }`,
    );
    expect(catalog.edges.map(({ node }: { node: object }) => node)).toEqual(catalog.nodes);
    expect(catalog.nodes).toHaveLength(2);
    expect(catalog.pageInfo).toEqual({ hasNextPage: false });
  });
});

test('a mutation answers what it was given', async () => {
  const { ask } = mocked(sdlOf('products'));
  const { createProduct } = await ask(
    'mutation { createProduct(input: { name: "Tea", price: 5, quantity: 2 }) { _id name price quantity description } }',
  );
  expect(createProduct).toMatchObject({
    name: 'Tea',
    price: 5,
    quantity: 2,
    description: expect.any(String),
  });
  const { updateProduct } = await ask(
    'mutation { updateProduct(id: "product-9", input: { price: 7 }) { _id price } }',
  );
  expect(updateProduct).toEqual({ _id: 'product-9', price: 7 });
});
