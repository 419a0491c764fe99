import { randomUUID } from 'node:crypto';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { CloudEvent } from '@shop/shared/events/cloud-event';
import type { EventRecord } from '@shop/shared/events/port';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fields } from '../../shared/test/ask.ts';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import { productsOf } from '../src/product-store.ts';
import {
  cancelledRecord,
  collect,
  create,
  orderRecord,
  placedRecord,
  publishOrders,
  readOne,
  remove,
  resolveEntities,
  startProducts,
  update,
} from './products-under-test.ts';

const patient = { timeout: 20_000 };

describe.each(groundsFor('products'))('orders, $name', ({ open }) => {
  let ground: Ground;
  let products: Subgraph;
  let decided: CloudEvent<(typeof topics.inventory.types)[number]>[];
  let changed: CloudEvent<(typeof topics.products.types)[number]>[];

  beforeAll(async () => {
    ground = await open();
    decided = await collect(ground.events, topics.inventory);
    changed = await collect(ground.events, topics.products);
    products = await startProducts(ground);
  });
  afterAll(async () => {
    await products.close();
    await ground.remove();
  });

  const publish = (...records: EventRecord[]) => publishOrders(ground.events, ...records);
  const decisionsOf = (orderId: string) =>
    decided.filter(({ subject }) => subject === orderId).map(({ id, type, data }) => ({ id, type, data }));

  /** Waits until this is what Products has said of the order. */
  const untilTold = (orderId: string, expected: Fields[]) =>
    expect.poll(() => decisionsOf(orderId), patient).toMatchObject(expected);

  /**
   * Waits until everything published under the order's key so far is dealt with and told: the decision about another
   * order, published after it in the same partition, has arrived.
   */
  async function settle(orderId: string): Promise<void> {
    const last = randomUUID();
    const { value } = placedRecord(last, { nothing: 1 });
    await publish({ key: orderId, value });
    await expect.poll(() => decisionsOf(last).length, patient).toBe(1);
  }

  const inventoryOf = async (id: string) =>
    (await resolveEntities(products, [id], 'inventory { available reserved sold }'))[0]?.inventory;
  const quantityOf = async (id: string) =>
    (await productsOf(ground.documents).findOne({ _id: id }))?.quantity;

  /** Between batches no mark is left, and everything stocked is somewhere. */
  async function expectAtRest(id: string): Promise<void> {
    const stored = () => productsOf(ground.documents).findOne({ _id: id });
    await expect.poll(async () => (await stored())?.holds, patient).toEqual({});
    const product = (await stored())!;
    expect(product.stocked).toBe(product.quantity + product.committed);
  }

  const reservedOnce = (orderId: string) => [{ id: `${orderId}:1`, type: 'inventory.reserved' }];
  const rejectedFor = (orderId: string, shortages: Fields[], reason = 'INSUFFICIENT_STOCK') => [
    { id: `${orderId}:1`, type: 'inventory.rejected', data: { orderId, reason, shortages } },
  ];

  test('an order is reserved with the prices of the moment; its products say so', async () => {
    const tea = await create(products, { price: 450, quantity: 10 });
    const pot = await create(products, { price: 2_000, quantity: 1 });
    const orderId = randomUUID();
    await publish(placedRecord(orderId, { [tea._id]: 2, [pot._id]: 1 }));
    const lines = [
      { productId: tea._id, quantity: 2, unitPrice: 450 },
      { productId: pot._id, quantity: 1, unitPrice: 2_000 },
    ];
    await untilTold(orderId, [
      { id: `${orderId}:1`, type: 'inventory.reserved', data: { orderId, lines, total: 2_900 } },
    ]);
    expect(await readOne(products, tea._id)).toEqual({ ...tea, quantity: 8 });
    expect(await readOne(products, pot._id)).toEqual({ ...pot, quantity: 0 });
    await expectAtRest(tea._id);
    expect(await inventoryOf(tea._id)).toEqual({ available: 8, reserved: 0, sold: 2 });
    await update(products, tea._id, { price: 1 });
    await settle(orderId);
    await untilTold(orderId, [{ data: { lines, total: 2_900 } }]);
  });

  test('what its stock has become is told on products.v1', async () => {
    const { _id } = await create(products, { quantity: 5 });
    const orderId = randomUUID();
    await publish(placedRecord(orderId, { [_id]: 2 }));
    const stockOf = () =>
      changed
        .filter(({ subject, type }) => subject === _id && type === 'product.stock_changed')
        .map(({ id, data }) => [id.split('-').length > 1 && id.startsWith(`${_id}:`), data]);
    await expect.poll(stockOf, patient).toEqual([[true, { productId: _id, quantity: 3 }]]);
    await publish(cancelledRecord(orderId));
    await expect.poll(() => stockOf().at(-1), patient).toEqual([true, { productId: _id, quantity: 5 }]);
  });

  test('one that cannot be served is rejected with what was short, and holds nothing', async () => {
    const enough = await create(products, { quantity: 5 });
    const few = await create(products, { quantity: 2 });
    const inactive = await create(products, { status: 'INACTIVE' });
    const deleted = await create(products);
    await remove(products, deleted._id);
    const orderId = randomUUID();
    const wanted = { [enough._id]: 5, [few._id]: 3, [inactive._id]: 1, [deleted._id]: 1, unknown: 7 };
    await publish(placedRecord(orderId, wanted));
    const short = (productId: string, requested: number, available: number) => ({
      productId,
      requested,
      available,
    });
    await untilTold(
      orderId,
      rejectedFor(orderId, [
        short(few._id, 3, 2),
        short(inactive._id, 1, 0),
        short(deleted._id, 1, 0),
        short('unknown', 7, 0),
      ]),
    );
    for (const product of [enough, few, inactive]) {
      expect(await quantityOf(product._id)).toBe(product.quantity);
      await expectAtRest(product._id);
    }
    expect(await readOne(products, enough._id)).toEqual(enough);
  });

  test('a total that no Int can hold is rejected, and its stock is back', async () => {
    const gold = await create(products, { price: 2_147_483_647, quantity: 5 });
    const orderId = randomUUID();
    await publish(placedRecord(orderId, { [gold._id]: 2 }));
    await untilTold(orderId, rejectedFor(orderId, [], 'TOTAL_TOO_LARGE'));
    expect(await readOne(products, gold._id)).toEqual(gold);
    const smaller = randomUUID();
    await publish(placedRecord(smaller, { [gold._id]: 1 }));
    await untilTold(smaller, [{ data: { total: 2_147_483_647 } }]);
  });

  test.each(['order.cancelled', 'order.expired'] as const)('%s gives the stock back', async (type) => {
    const tea = await create(products, { quantity: 3 });
    const orderId = randomUUID();
    await publish(placedRecord(orderId, { [tea._id]: 3 }));
    await untilTold(orderId, reservedOnce(orderId));
    expect((await readOne(products, tea._id))?.quantity).toBe(0);
    const undo = orderRecord(type, { orderId, at: '2026-01-31T12:00:00.000Z' });
    await publish(undo, undo);
    const lines = [{ productId: tea._id, quantity: 3 }];
    await untilTold(orderId, [
      ...reservedOnce(orderId),
      { id: `${orderId}:2`, type: 'inventory.released', data: { orderId, lines } },
    ]);
    expect(await readOne(products, tea._id)).toEqual(tea);
    await expectAtRest(tea._id);
    expect(await inventoryOf(tea._id)).toEqual({ available: 3, reserved: 0, sold: 0 });
  });

  test('an order that is cancelled before it is heard of holds nothing', async () => {
    const tea = await create(products);
    const orderId = randomUUID();
    await publish(cancelledRecord(orderId));
    await settle(orderId);
    await publish(placedRecord(orderId, { [tea._id]: 1 }));
    await settle(orderId);
    expect(decisionsOf(orderId)).toEqual([]);
    expect(await readOne(products, tea._id)).toEqual(tea);
    await expectAtRest(tea._id);
  });

  test('nor does one whose cancellation comes first in the same batch', async () => {
    const tea = await create(products);
    const orderId = randomUUID();
    await publish(cancelledRecord(orderId), placedRecord(orderId, { [tea._id]: 1 }));
    await settle(orderId);
    await expectAtRest(tea._id);
    expect(await readOne(products, tea._id)).toEqual(tea);
  });

  test('stock of a deleted product that comes back stays countable', async () => {
    const tea = await create(products, { quantity: 3 });
    const orderId = randomUUID();
    await publish(placedRecord(orderId, { [tea._id]: 2 }));
    await untilTold(orderId, reservedOnce(orderId));
    await remove(products, tea._id);
    await publish(cancelledRecord(orderId));
    await untilTold(orderId, [...reservedOnce(orderId), { type: 'inventory.released' }]);
    expect(await quantityOf(tea._id)).toBe(3);
    expect(await readOne(products, tea._id)).toBeNull();
    await expectAtRest(tea._id);
  });

  test('what arrives again changes nothing', async () => {
    const tea = await create(products, { quantity: 10 });
    const [kept, undone] = [randomUUID(), randomUUID()];
    const all = [
      placedRecord(kept, { [tea._id]: 2 }),
      placedRecord(undone, { [tea._id]: 3 }),
      cancelledRecord(undone),
    ];
    await publish(...all);
    await publish(...all, ...all);
    for (const id of [kept, undone]) await settle(id);
    await publish(...all);
    for (const id of [kept, undone]) await settle(id);
    // The relay, too, may say a thing twice, but never another thing.
    expect(new Set(decisionsOf(kept).map(({ id, type }) => `${id} ${type}`))).toEqual(
      new Set([`${kept}:1 inventory.reserved`]),
    );
    expect(await readOne(products, tea._id)).toEqual({ ...tea, quantity: 8 });
    await expectAtRest(tea._id);
  });

  test('what nobody can decode or decide is set aside, and the rest flows on', async () => {
    const dead: [string | null, string | null, boolean][] = [];
    await ground.events.subscribe(
      { group: `test-${randomUUID()}`, topics: [deadLetterTopics.orders.topic] },
      async ({ records }) => {
        for (const { key, value, headers } of records) dead.push([key, value, 'dlq-cause' in headers]);
      },
    );
    const { _id } = await create(products);
    const orderId = randomUUID();
    const newer = placedRecord(orderId, { [_id]: 1 }).value.replace('order.placed:v1', 'order.placed:v9');
    // By its schema each line may be; together they are more than any event can say was reserved or refused.
    const line = { productId: _id, quantity: 6_000 };
    const facts = { orderId, userId: 'ann', placedAt: '2026-01-31T12:00:00.000Z' };
    const tooMany = orderRecord('order.placed', { ...facts, lines: [line, line] }).value;
    const poisons = ['no JSON', '{}', newer, tooMany];
    await publish(...poisons.map((value) => ({ key: orderId, value })), placedRecord(orderId, { [_id]: 1 }));
    await untilTold(orderId, reservedOnce(orderId));
    await expect.poll(() => dead, patient).toEqual(poisons.map((value) => [orderId, value, true]));
  });

  test('200 orders for the last 100: 100 are reserved', async () => {
    const { _id } = await create(products, { quantity: 100 });
    const other = await create(products, { quantity: 1_000 });
    const orderIds = Array.from({ length: 200 }, () => randomUUID());
    await publish(
      ...orderIds.map((id, n) => placedRecord(id, n % 2 ? { [_id]: 1 } : { [_id]: 1, [other._id]: 1 })),
    );
    const own = new Set<string>(orderIds);
    const decisions = () =>
      new Map(decided.filter(({ subject }) => own.has(subject)).map(({ subject, type }) => [subject, type]));
    await expect.poll(() => decisions().size, patient).toBe(200);
    const reserved = orderIds.filter((id) => decisions().get(id) === 'inventory.reserved');
    expect(reserved).toHaveLength(100);
    for (const id of [_id, other._id]) await expectAtRest(id);
    expect(await inventoryOf(_id)).toEqual({ available: 0, reserved: 0, sold: 100 });
    const inOther = orderIds.filter((id, n) => n % 2 === 0 && reserved.includes(id)).length;
    expect(await inventoryOf(other._id)).toEqual({ available: 1_000 - inOther, reserved: 0, sold: inOther });
  });
});
