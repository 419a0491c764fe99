import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import { until } from '../../shared/test/until.ts';
import {
  orderIn,
  place,
  publishInventory,
  readOrder,
  reject,
  reserve,
  startOrders,
  tryToCancel,
} from './orders-under-test.ts';

/** As long as a client may wait: an answer within half of it came because of an event. */
const waitMs = 10_000;

/** The id that the next order gets. */
let nextId = randomUUID();
const newId = () => {
  const id = nextId;
  nextId = randomUUID();
  return id;
};

async function timed<Result>(run: Promise<Result>): Promise<{ result: Result; tookMs: number }> {
  const startedAtMs = performance.now();
  const result = await run;
  return { result, tookMs: performance.now() - startedAtMs };
}

/** Runs while a placement waits: as soon as its order is there. */
async function oncePlaced(orders: Subgraph, id: string, then: () => Promise<unknown>): Promise<void> {
  await until(() => readOrder(orders, id));
  await then();
}

describe.each(groundsFor('orders'))('waitMs, $name', ({ open }) => {
  let ground: Ground;
  let here: Subgraph;
  let there: Subgraph;

  beforeAll(async () => {
    ground = await open();
    // Both share the partitions of one group: about half of the orders are decided by the other process.
    here = await startOrders(ground, { newId });
    there = await startOrders(ground, { newId });
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await ground.remove();
  });

  test('is answered as inventory.reserved arrives', async () => {
    const id = nextId;
    const { result, tookMs } = await timed(
      Promise.all([
        place(here, 'ann', { waitMs }),
        oncePlaced(here, id, () => reserve(ground.events, id, 300)),
      ]),
    );
    expect(result[0]).toMatchObject({ _id: id, status: 'CONFIRMED', total: 600 });
    expect(result[0].products).toMatchObject([{ _id: 'tea', quantity: 2, unitPrice: 300 }]);
    expect(tookMs).toBeLessThan(waitMs / 2);
    expect(await readOrder(there, id)).toEqual(result[0]);
  });

  test('is answered as inventory.rejected arrives, of either kind', async () => {
    for (const isTooLarge of [false, true]) {
      const id = nextId;
      const decide = () =>
        isTooLarge
          ? publishInventory(ground.events, 'inventory.rejected', {
              orderId: id,
              reason: 'TOTAL_TOO_LARGE',
              shortages: [],
            })
          : reject(ground.events, id);
      const [order] = await Promise.all([place(here, 'ann', { waitMs }), oncePlaced(here, id, decide)]);
      expect(order).toMatchObject(
        isTooLarge
          ? { status: 'REJECTED', rejectionReason: 'TOTAL_TOO_LARGE', shortages: [], total: null }
          : {
              status: 'REJECTED',
              rejectionReason: 'INSUFFICIENT_STOCK',
              shortages: [
                {
                  productId: 'tea',
                  requested: 2,
                  available: 1,
                  product: { __typename: 'Product', _id: 'tea' },
                },
              ],
            },
      );
    }
  });

  test('is answered whichever process took the decision from the group', async () => {
    for (const orders of [here, there, here, there, here, there, here, there, here, there, here, there]) {
      const id = nextId;
      const { result, tookMs } = await timed(
        Promise.all([
          place(orders, 'ann', { waitMs }),
          oncePlaced(here, id, () => reserve(ground.events, id)),
        ]),
      );
      expect(result[0].status).toBe('CONFIRMED');
      expect(tookMs).toBeLessThan(waitMs / 2);
    }
  });

  test('is answered for a repeated key whose first placement still waits', async () => {
    const id = nextId;
    const first = place(here, 'ann', { waitMs, key: 'again' });
    await oncePlaced(here, id, async () => {});
    const second = place(there, 'ann', { waitMs, key: 'again' });
    const third = place(here, 'ann', { key: 'again' });
    expect(await third).toMatchObject({ _id: id, status: 'PENDING' });
    await sleep(50);
    await reserve(ground.events, id);
    for (const order of await Promise.all([first, second])) {
      expect(order).toMatchObject({ _id: id, status: 'CONFIRMED' });
    }
  });

  test('is answered when the order is cancelled meanwhile', async () => {
    const id = nextId;
    const cancel = async () => orderIn(await tryToCancel(here, id, { user: 'ann' }), 'cancelOrder');
    const { result, tookMs } = await timed(
      Promise.all([place(here, 'ann', { waitMs }), oncePlaced(here, id, cancel)]),
    );
    expect(result[0].status).toBe('CANCELLED');
    expect(tookMs).toBeLessThan(waitMs / 2);
  });

  test('ends with the order as it is when no decision comes', async () => {
    const { result, tookMs } = await timed(place(here, 'ann', { waitMs: 100 }));
    expect(result.status).toBe('PENDING');
    expect(tookMs).toBeGreaterThan(95);
  });
});
