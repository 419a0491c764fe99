import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, ask, codeOf } from '../../shared/test/ask.ts';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import {
  collectOrderEvents,
  oneTea,
  place,
  readOrder,
  reserve,
  startOrders,
  tryToPlace,
  untilStatus,
} from './orders-under-test.ts';

describe.each(groundsFor('orders'))('placeOrder, $name', ({ open }) => {
  let ground: Ground;
  let orders: Subgraph;

  beforeAll(async () => {
    ground = await open();
    orders = await startOrders(ground);
  });
  afterAll(async () => {
    await orders.close();
    await ground.remove();
  });

  test('answers a pending order that the next read shows to its user', async () => {
    const placed = await place(orders, 'reader', { products: [...oneTea, { _id: 'mug', quantity: 1 }] });
    expect(placed).toMatchObject({
      userId: 'reader',
      status: 'PENDING',
      total: null,
      shortages: null,
      rejectionReason: null,
      user: { __typename: 'User', _id: 'reader' },
      products: [
        { _id: 'tea', quantity: 2, unitPrice: null, product: { __typename: 'Product', _id: 'tea' } },
        { _id: 'mug', quantity: 1, unitPrice: null, product: { __typename: 'Product', _id: 'mug' } },
      ],
    });
    expect(placed.updatedAt).toBe(placed.createdAt);
    expect(await readOrder(orders, placed._id, { user: 'reader' })).toEqual(placed);
  });

  test('publishes order.placed with a deterministic id, once', async () => {
    const published = await collectOrderEvents(ground.events);
    const placed = await place(orders, 'publisher');
    await expect.poll(() => published.filter((event) => event.subject === placed._id)).toHaveLength(1);
    expect(published.find((event) => event.subject === placed._id)).toMatchObject({
      id: `${placed._id}:1`,
      type: 'order.placed',
      source: '/orders',
      data: {
        orderId: placed._id,
        userId: 'publisher',
        lines: [{ productId: 'tea', quantity: 2 }],
        placedAt: placed.createdAt,
      },
    });
  });

  test.each([
    ['no token', {}, 'UNAUTHENTICATED'],
    ['an expired token', { user: 'expired' }, 'UNAUTHENTICATED'],
    ['the api key alone: an admin is no customer', admin, 'UNAUTHENTICATED'],
  ])('refuses %s and stores nothing', async (_, caller, code) => {
    const before = await ask(orders, '{ orders { _id } }', {}, admin);
    const mutation = 'mutation { placeOrder(products: [{ _id: "tea", quantity: 1 }]) { _id } }';
    expect(codeOf(await ask(orders, mutation, {}, caller))).toBe(code);
    expect(await ask(orders, '{ orders { _id } }', {}, admin)).toEqual(before);
  });

  test.each([
    [{ products: null }, ['products']],
    [{ products: [] }, ['products']],
    [{ products: [null] }, ['products.0']],
    [{ products: [{ _id: 'a b', quantity: 0 }] }, ['products.0._id', 'products.0.quantity']],
    [{ key: '' }, ['idempotencyKey']],
    [{ waitMs: 10_001 }, ['waitMs']],
  ])('answers %j with BAD_USER_INPUT, naming the fields, and stores nothing', async (variables, paths) => {
    const answer = await tryToPlace(orders, 'clumsy', variables);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors?.[0]?.extensions.fields?.map(({ path }) => path)).toEqual(paths);
    expect(answer.data).toEqual({ placeOrder: null });
    const all = await ask(orders, '{ orders { _id } }', {}, { user: 'clumsy' });
    expect(all.data?.orders).toEqual([]);
  });

  test('places one order for one key, however often and at once it is sent', async () => {
    const products = [
      { _id: 'tea', quantity: 1 },
      { _id: 'mug', quantity: 1 },
    ];
    const variants = [products, products.toReversed(), [...products.slice(1), ...products.slice(0, 1)]];
    const placed = await Promise.all(
      Array.from({ length: 20 }, (_, n) => place(orders, 'hasty', { products: variants[n % 3], key: 'k' })),
    );
    expect(new Set(placed.map((order) => order._id)).size).toBe(1);
    const { data } = await ask(orders, '{ orders { _id } }', {}, { user: 'hasty' });
    expect(data?.orders).toHaveLength(1);
  });

  test('refuses a key that was used for other products, and lets another user have it', async () => {
    await place(orders, 'first', { key: 'k' });
    const other = await tryToPlace(orders, 'first', { key: 'k', products: [{ _id: 'tea', quantity: 3 }] });
    expect(codeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await place(orders, 'second', { key: 'k' })).userId).toBe('second');
  });

  test('answers a repeated key with the order as it has become, at once', async () => {
    const placed = await place(orders, 'again', { key: 'k' });
    await reserve(ground.events, placed._id);
    await untilStatus(orders, placed._id, 'CONFIRMED');
    const repeated = await place(orders, 'again', { key: 'k', waitMs: 10_000 });
    expect(repeated).toMatchObject({ _id: placed._id, status: 'CONFIRMED', total: 900 });
  });
});
