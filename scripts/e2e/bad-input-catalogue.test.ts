import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Refusal, type StrictShop, startStrictShop } from './strict-shop.ts';

let shop: StrictShop;

beforeAll(async () => {
  shop = await startStrictShop();
});
afterAll(() => shop.close());

const run = (refusals: Refusal[]) => test.each(refusals)('$what', (refusal) => shop.expectRefused(refusal));

describe('products', () => {
  const create = (input: object) => ({
    as: 'admin' as const,
    query: 'mutation ($input: CreateProductInput) { createProduct(input: $input) { _id } }',
    variables: { input: { name: 'x', price: 1, quantity: 1, ...input } },
  });
  const update = (id: string, input: string): Pick<Refusal, 'as' | 'query'> => ({
    as: 'admin',
    query: `mutation { updateProduct(id: "${id}", input: ${input}) { _id } }`,
  });
  const adjust = (id: string, delta: number): Pick<Refusal, 'as' | 'query'> => ({
    as: 'admin',
    query: `mutation { adjustStock(id: "${id}", delta: ${delta}) { _id } }`,
  });
  run([
    { what: 'an empty name', ...create({ name: '' }), fields: ['input.name'] },
    { what: 'a name of 201', ...create({ name: 'x'.repeat(201) }), fields: ['input.name'] },
    { what: 'a negative price', ...create({ price: -1 }), fields: ['input.price'] },
    { what: 'a negative quantity', ...create({ quantity: -1 }), fields: ['input.quantity'] },
    { what: 'a price of 2^31', ...create({ price: 2 ** 31 }) },
    { what: 'a fraction of a piece', ...create({ quantity: 1.5 }) },
    {
      what: 'a long description',
      ...create({ description: 'x'.repeat(5_001) }),
      fields: ['input.description'],
    },
    { what: 'no input', as: 'admin', query: 'mutation { createProduct { _id } }', fields: ['input'] },
    { what: 'an update to a bad name', ...update('$PRODUCT', '{ name: "" }'), fields: ['input.name'] },
    { what: 'an update to no price', ...update('$PRODUCT', '{ price: null }'), fields: ['input.price'] },
    { what: 'an update of nothing there', ...update('none', '{ name: "y" }'), code: 'NOT_FOUND' },
    { what: 'stock by 0', ...adjust('$PRODUCT', 0), fields: ['delta'] },
    { what: 'stock of nothing there', ...adjust('none', 1), code: 'NOT_FOUND' },
    { what: 'stock below zero', ...adjust('$PRODUCT', -1_000), code: 'INSUFFICIENT_STOCK' },
    {
      what: 'a removal of nothing there',
      as: 'admin',
      query: 'mutation { deleteProduct(id: "none") { _id } }',
      code: 'NOT_FOUND',
    },
    { what: 'a page of 0', query: '{ products(first: 0) { _id } }', fields: ['first'] },
    { what: 'a page of 251', query: '{ products(first: 251) { _id } }', fields: ['first'] },
    { what: 'a catalog of 0', query: '{ catalog(first: 0) { nodes { _id } } }', fields: ['first'] },
    { what: 'a cursor that is none', query: '{ catalog(after: "?") { nodes { _id } } }', fields: ['after'] },
    {
      what: 'what is not on sale, for a visitor',
      query: '{ catalog(status: INACTIVE) { nodes { _id } } }',
      code: 'UNAUTHENTICATED',
    },
    {
      what: 'what is not on sale, for a user',
      as: 'user',
      query: '{ catalog(status: INACTIVE) { nodes { _id } } }',
      code: 'FORBIDDEN',
    },
  ]);
});

describe('images', () => {
  const create = (input: object) => ({
    as: 'admin' as const,
    query: 'mutation ($input: CreateImageInput!) { createImage(input: $input) { _id } }',
    variables: { input: { productId: 'p', url: 'https://pictures.example/x.png', ...input } },
  });
  const update = (id: string, input: string): Pick<Refusal, 'as' | 'query'> => ({
    as: 'admin',
    query: `mutation { updateImage(id: "${id}", input: ${input}) { _id } }`,
  });
  run([
    { what: 'a url that is none', ...create({ url: 'nope' }), fields: ['input.url'] },
    { what: 'a url of another scheme', ...create({ url: 'javascript:alert(1)' }), fields: ['input.url'] },
    {
      what: 'a url too long',
      ...create({ url: `https://x.example/${'x'.repeat(2_048)}` }),
      fields: ['input.url'],
    },
    { what: 'a priority of 101', ...create({ priority: 101 }), fields: ['input.priority'] },
    { what: 'a priority of -1', ...create({ priority: -1 }), fields: ['input.priority'] },
    {
      what: 'a url that the product has',
      as: 'admin',
      query:
        'mutation { createImage(input: { productId: "$PRODUCT", url: "https://pictures.example/1.png" }) { _id } }',
      code: 'DUPLICATE_IMAGE',
    },
    {
      what: 'an update to a url that the product has',
      ...update('$IMAGE', '{ url: "https://pictures.example/2.png" }'),
      code: 'DUPLICATE_IMAGE',
    },
    {
      what: 'an update to a bad priority',
      ...update('$IMAGE', '{ priority: 1000 }'),
      fields: ['input.priority'],
    },
    { what: 'an update of nothing there', ...update('none', '{ priority: 1 }'), code: 'NOT_FOUND' },
    {
      what: 'a removal of nothing there',
      as: 'admin',
      query: 'mutation { deleteImage(id: "none") { _id } }',
      code: 'NOT_FOUND',
    },
    { what: 'a page of 251', query: '{ images(first: 251) { _id } }', fields: ['first'] },
  ]);
});
