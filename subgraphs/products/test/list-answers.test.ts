import { countCalls } from '@shop/shared/documents/count-calls';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { admin, ask, codeOf } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { adjust, create, only, remove, startProducts, update } from './products-under-test.ts';

let ground: Ground;
let products: Subgraph;
let counted: ReturnType<typeof countCalls>;
/** Queries of the database for a page; the relay has others of its own. */
let pagesRead = 0;

const isOfPage = (filter: unknown) =>
  typeof filter === 'object' && filter !== null && 'status' in filter && filter.status === 'ACTIVE';

beforeAll(async () => {
  ground = await openGroundInMemory();
  counted = countCalls(
    interceptDocuments(ground.documents, ({ collection, method, args: [filter] }, run) => {
      if (collection === 'products' && method === 'find' && isOfPage(filter)) pagesRead += 1;
      return run();
    }),
  );
  products = await startProducts({ ...ground, documents: counted.documents });
  for (const name of ['Tea', 'Coffee', 'Mate']) await create(products, { name });
});
afterAll(async () => {
  await products.close();
  await ground.remove();
});
beforeEach(() => counted.reset());

test('an operation is answered again, by its own fields, names and arguments', async () => {
  const names = '{ products(first: 2) { name } }';
  const first = await ask(products, names);
  expect(await ask(products, names)).toEqual(first);
  expect(await ask(products, '{ products(first: 2) { title: name __typename } }')).toEqual({
    data: {
      products: ['Tea', 'Coffee'].map((title) => ({ title, __typename: 'Product' })),
    },
  });
  const byVariable = 'query ($first: Int) { products(first: $first) { name } }';
  for (const count of [1, 3, 1]) {
    expect(only<unknown[]>(await ask(products, byVariable, { first: count }))).toHaveLength(count);
  }
});

test('an answer from before a change is never given after it', async () => {
  const query = '{ products(first: 1) { _id quantity } }';
  const [{ _id, quantity }] = only<[{ _id: string; quantity: number }]>(await ask(products, query));
  for (let n = 1; n <= 5; n += 1) {
    await adjust(products, _id, 1);
    expect(only(await ask(products, query))).toEqual([{ _id, quantity: quantity + n }]);
  }
});

test('what changes on its own is asked for each time', async () => {
  const query = '{ products(first: 1) { _id inventory { available } } }';
  const first = await ask(products, query, {}, admin);
  expect(first.errors).toBeUndefined();
  counted.reset();
  expect(await ask(products, query, {}, admin)).toEqual(first);
  expect(counted.calls()).toBe(1);
});

test('an answer with an error is told to each who asks, and not kept', async () => {
  for (let n = 0; n < 2; n += 1) {
    expect(codeOf(await ask(products, '{ products(first: 0) { _id } }'))).toBe('BAD_USER_INPUT');
  }
});

test('the second answer asks no database', async () => {
  const query = '{ products(first: 3) { _id createdAt } }';
  const first = await ask(products, query);
  counted.reset();
  expect(await ask(products, query)).toEqual(first);
  expect(counted.calls()).toBe(0);
});

test('a change of stock drops the pages that show the product, with or without its id, and no other', async () => {
  const page = (size: number) => `{ products(first: ${size}) { name quantity } }`;
  const read = async (size: number) =>
    only<{ name: string; quantity: number }[]>(await ask(products, page(size)));
  const [one, two] = [await read(1), await read(2)];
  const [, coffee] = only<{ _id: string }[]>(await ask(products, '{ products(first: 2) { _id } }'));
  await adjust(products, coffee!._id, 1);
  pagesRead = 0;
  expect(await read(1)).toEqual(one);
  expect(pagesRead).toBe(0);
  expect(await read(2)).toEqual([two[0], { ...two[1], quantity: two[1]!.quantity + 1 }]);
  expect(pagesRead).toBe(1);
});

test('any other change drops every page', async () => {
  const read = async () => only<{ name: string }[]>(await ask(products, '{ products(first: 1) { name } }'));
  expect(await read()).toEqual([{ name: 'Tea' }]);
  const [tea, , mate] = only<{ _id: string }[]>(await ask(products, '{ products { _id } }'));
  await update(products, tea!._id, { status: 'INACTIVE' });
  expect(await read()).toEqual([{ name: 'Coffee' }]);
  await update(products, tea!._id, { status: 'ACTIVE' });
  expect(await read()).toEqual([{ name: 'Tea' }]);
  await remove(products, mate!._id);
  expect(only<unknown[]>(await ask(products, '{ products(first: 3) { name } }'))).toHaveLength(2);
});
