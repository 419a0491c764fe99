import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, codeOf } from '../../shared/test/ask.ts';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import {
  collectOrderEvents,
  orderIn,
  place,
  publishInventory,
  readOrder,
  reject,
  reserve,
  reservedEvent,
  startOrders,
  tryToCancel,
  untilStatus,
} from './orders-under-test.ts';

describe.each(groundsFor('orders'))('an order, $name', ({ open }) => {
  let ground: Ground;
  let orders: Subgraph;
  let published: Awaited<ReturnType<typeof collectOrderEvents>>;

  beforeAll(async () => {
    ground = await open();
    published = await collectOrderEvents(ground.events);
    orders = await startOrders(ground);
  });
  afterAll(async () => {
    await orders.close();
    await ground.remove();
  });

  const eventsOf = (id: string) =>
    published.filter((event) => event.subject === id).map(({ id, type }) => [id, type]);

  /**
   * Waits until everything published about this order has been dealt with, a release included: another order of
   * the same partition, whose decision is published after it, is decided.
   */
  async function settle(id: string): Promise<void> {
    const lines = [{ productId: 'tea', quantity: 2 }];
    await publishInventory(ground.events, 'inventory.released', { orderId: id, lines }, 9);
    const last = await place(orders, 'last');
    const value = reservedEvent(last._id);
    await ground.events.publish(topics.inventory.topic, [{ key: id, value }]);
    await untilStatus(orders, last._id, 'CONFIRMED');
  }

  test('is CONFIRMED with prices and total, and only the first time', async () => {
    const { _id, createdAt } = await place(orders, 'ann');
    await sleep(5);
    await reserve(ground.events, _id);
    const confirmed = await untilStatus(orders, _id, 'CONFIRMED');
    expect(confirmed).toMatchObject({ total: 900, products: [{ _id: 'tea', quantity: 2, unitPrice: 450 }] });
    expect(confirmed.updatedAt > createdAt).toBe(true);
    await reserve(ground.events, _id);
    await reserve(ground.events, _id, 999);
    await reject(ground.events, _id);
    await settle(_id);
    expect(await readOrder(orders, _id)).toEqual(confirmed);
    expect(eventsOf(_id)).toEqual([[`${_id}:1`, 'order.placed']]);
  });

  test('is REJECTED with shortages and reason, and only the first time', async () => {
    const { _id } = await place(orders, 'ann');
    await reject(ground.events, _id);
    const rejected = await untilStatus(orders, _id, 'REJECTED');
    expect(rejected).toMatchObject({
      total: null,
      rejectionReason: 'INSUFFICIENT_STOCK',
      shortages: [{ productId: 'tea', requested: 2, available: 1 }],
      products: [{ unitPrice: null }],
    });
    await reject(ground.events, _id);
    await reserve(ground.events, _id);
    await settle(_id);
    expect(await readOrder(orders, _id)).toEqual(rejected);
    expect(codeOf(await tryToCancel(orders, _id, { user: 'ann' }))).toBe('ORDER_NOT_CANCELLABLE');
  });

  test('is CANCELLED while PENDING, and a late decision changes nothing', async () => {
    const { _id } = await place(orders, 'ann');
    const cancelled = orderIn(await tryToCancel(orders, _id, { user: 'ann' }), 'cancelOrder');
    expect(cancelled).toMatchObject({ status: 'CANCELLED', total: null });
    await reserve(ground.events, _id);
    await settle(_id);
    expect(await readOrder(orders, _id)).toEqual(cancelled);
    await expect
      .poll(() => eventsOf(_id))
      .toEqual([
        [`${_id}:1`, 'order.placed'],
        [`${_id}:2`, 'order.cancelled'],
      ]);
    expect(codeOf(await tryToCancel(orders, _id, { user: 'ann' }))).toBe('ORDER_NOT_CANCELLABLE');
    expect(await readOrder(orders, _id)).toEqual(cancelled);
  });

  test('is CANCELLED once CONFIRMED, by an admin too, and a release changes nothing', async () => {
    const { _id } = await place(orders, 'ann');
    await reserve(ground.events, _id);
    await untilStatus(orders, _id, 'CONFIRMED');
    const cancelled = orderIn(await tryToCancel(orders, _id, admin), 'cancelOrder');
    expect(cancelled).toMatchObject({ status: 'CANCELLED', total: 900 });
    await settle(_id);
    expect(await readOrder(orders, _id)).toEqual(cancelled);
    await expect.poll(() => eventsOf(_id).at(-1)).toEqual([`${_id}:2`, 'order.cancelled']);
  });

  test('is cancelled once when many try at once', async () => {
    const { _id } = await place(orders, 'ann');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tryToCancel(orders, _id, { user: 'ann' })),
    );
    expect(answers.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(answers.map(codeOf).filter((code) => code === 'ORDER_NOT_CANCELLABLE')).toHaveLength(9);
  });

  test.each([
    ['nobody', {}, 'UNAUTHENTICATED'],
    ['an expired token', { user: 'expired' }, 'UNAUTHENTICATED'],
    ['another user', { user: 'bob' }, 'NOT_FOUND'],
  ])('is not cancelled by %s', async (_, caller, code) => {
    const { _id } = await place(orders, 'ann');
    expect(codeOf(await tryToCancel(orders, _id, caller))).toBe(code);
    expect(await readOrder(orders, _id)).toMatchObject({ status: 'PENDING' });
  });

  test.each([{ user: 'ann' }, admin])('that does not exist is NOT_FOUND for %j', async (caller) => {
    expect(codeOf(await tryToCancel(orders, 'no-such-order', caller))).toBe('NOT_FOUND');
  });

  test('of many decided in one batch gets its own decision', async () => {
    const placed = await Promise.all(Array.from({ length: 30 }, () => place(orders, 'ann')));
    await Promise.all(
      placed.map(({ _id }, n) => (n % 3 === 0 ? reject(ground.events, _id) : reserve(ground.events, _id, n))),
    );
    await Promise.all(
      placed.map(async ({ _id }, n) => {
        const order = await untilStatus(orders, _id, n % 3 === 0 ? 'REJECTED' : 'CONFIRMED');
        expect(order.total).toBe(n % 3 === 0 ? null : 2 * n);
      }),
    );
  });

  test('is decided although a record that cannot be decoded came first; that one is set aside', async () => {
    const { _id } = await place(orders, 'ann');
    await ground.events.publish(topics.inventory.topic, [{ key: _id, value: '{"no":"event"}' }]);
    await reserve(ground.events, _id);
    await untilStatus(orders, _id, 'CONFIRMED');
    const setAside: (string | null)[] = [];
    await ground.events.subscribe(
      { group: 'test-dlq', topics: [deadLetterTopics.inventory.topic] },
      async ({ records }) => {
        setAside.push(...records.map(({ value }) => value));
      },
    );
    await expect.poll(() => setAside, { timeout: 15_000 }).toEqual(['{"no":"event"}']);
  });
});
