import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProduct } from './create-product.ts';
import type { ProductState } from './product-change.ts';
import { createProductStore, type ProductStore, productsOf } from './product-store.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
const later = new Date('2026-02-01T12:00:00.000Z');

let documents: Documents;
let store: ProductStore;
let before: ProductState;

beforeEach(async () => {
  documents = openEmbeddedDocuments({ file: ':memory:' });
  store = createProductStore(documents);
  await store.createIndexes();
  const input = { name: 'Tea', price: 450, quantity: 10, description: 'Loose', status: 'ACTIVE' } as const;
  await store.insert(createProduct(input, 'tea', now));
  before = (await store.find('tea'))!;
});
afterEach(() => documents.close());

const stored = async () => (await productsOf(documents).findOne({ _id: 'tea' }))!;
const renamed = (): ProductState => ({ ...before, name: 'Green MATE', updatedAt: later });
const change = (update: Parameters<ReturnType<typeof productsOf>['updateOne']>[1]) =>
  productsOf(documents).updateOne({ _id: 'tea' }, update);

describe('replace', () => {
  test('writes the change with its event', async () => {
    const { description: _, ...bare } = renamed();
    expect(await store.replace(before, { ...bare, quantity: 12, stocked: 12 }, 'product.updated')).toBe(true);
    const product = await stored();
    expect(product).toMatchObject({
      name: 'Green MATE',
      nameKey: 'green mate',
      terms: ['green', 'mate'],
      quantity: 12,
      stocked: 12,
      committed: 0,
      revision: 2,
      createdAt: now,
      updatedAt: later,
      // As old as the event that has waited longest.
      outboxAt: now,
    });
    expect(product).not.toHaveProperty('description');
    expect(product.outbox.map(({ id, type, at }) => [id, type, at])).toEqual([
      ['tea:1', 'product.created', now.toISOString()],
      ['tea:2', 'product.updated', later.toISOString()],
    ]);
    expect(product.outbox[1]?.data).toEqual({
      productId: 'tea',
      name: 'Green MATE',
      price: 450,
      quantity: 12,
      status: 'ACTIVE',
    });
  });

  test.each([
    ['an admin has changed it since', { $set: { price: 7 }, $inc: { revision: 1 } }],
    ['an order has taken some since', { $inc: { quantity: -1, committed: 1 } }],
    ['it was deleted since', { $set: { status: 'DELETED' as const } }],
  ])('writes nothing when %s', async (_what, update) => {
    await change(update);
    const meanwhile = await stored();
    expect(await store.replace(before, renamed(), 'product.updated')).toBe(false);
    expect(await stored()).toEqual(meanwhile);
  });

  test('leaves what orders have marked alone', async () => {
    await change({ $set: { 'holds.o1': { quantity: 1, released: false }, 'fence.0h': 4 } });
    expect(await store.replace(before, renamed(), 'product.updated')).toBe(true);
    expect(await stored()).toMatchObject({
      holds: { o1: { quantity: 1, released: false } },
      fence: { '0h': 4 },
    });
  });

  test('numbers the changes of a product that was stored without a number', async () => {
    await change({ $unset: { revision: '' } });
    before = (await store.find('tea'))!;
    expect(await store.replace(before, renamed(), 'product.updated')).toBe(true);
    expect((await stored()).revision).toBe(2);
    expect(await store.replace(before, renamed(), 'product.updated')).toBe(false);
  });
});

test('find answers what an admin may change, and nothing that is deleted', async () => {
  expect(Object.keys(before).toSorted()).toEqual([
    '_id',
    'createdAt',
    'description',
    'name',
    'price',
    'quantity',
    'revision',
    'status',
    'stocked',
    'updatedAt',
  ]);
  await store.replace(before, { ...before, status: 'DELETED' }, 'product.deleted');
  expect(await store.find('tea')).toBeNull();
});
