import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@shop/contracts/events/topics.ts';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { Events } from '@shop/shared/events/port';
import { UnavailableError } from '@shop/shared/unavailable';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { until } from '../../shared/test/until.ts';
import { createOrderStore } from '../src/order-store.ts';
import { placeOrder } from '../src/place-order.ts';
import {
  collectOrderEvents,
  listIds,
  place,
  readOrder,
  reserve,
  reservedEvent,
  startOrders,
  tryToCancel,
  tryToPlace,
  untilStatus,
} from './orders-under-test.ts';

let ground: Ground;
beforeEach(() => {
  ground = openGroundInMemory();
});
afterEach(async () => {
  await ground.remove();
});

/** A clock that stands still until it is moved on. */
function stoppedClock() {
  let nowMs = Date.parse('2026-01-31T12:00:00.000Z');
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { clock: () => new Date(nowMs), advance };
}

describe('expiry', () => {
  test('lets a pending order expire after its time, tells of it, and wakes who waits', async () => {
    const published = await collectOrderEvents(ground.events);
    const { clock, advance } = stoppedClock();
    const orders = await startOrders(ground, { clock, orderExpiresAfterMs: 1_000 });
    const old = await place(orders, 'ann');
    const confirmed = await place(orders, 'ann');
    await reserve(ground.events, confirmed._id);
    await untilStatus(orders, confirmed._id, 'CONFIRMED');
    advance(999);
    const startedAtMs = performance.now();
    const waiting = place(orders, 'ann', { waitMs: 10_000 });
    await sleep(400);
    expect(await readOrder(orders, old._id)).toMatchObject({ status: 'PENDING' });
    advance(1);
    const expired = await untilStatus(orders, old._id, 'EXPIRED');
    expect(expired.updatedAt).toBe('2026-01-31T12:00:01.000Z');
    advance(1_000);
    expect(await waiting).toMatchObject({ status: 'EXPIRED' });
    expect(performance.now() - startedAtMs).toBeLessThan(9_000);
    expect(await readOrder(orders, confirmed._id)).toMatchObject({ status: 'CONFIRMED' });
    const ofOld = () =>
      published.filter(({ subject }) => subject === old._id).map(({ id, type }) => [id, type]);
    await expect.poll(ofOld).toEqual([
      [`${old._id}:1`, 'order.placed'],
      [`${old._id}:2`, 'order.expired'],
    ]);
    // A decision that comes too late changes nothing; whoever cancels is told so.
    await reserve(ground.events, old._id);
    const last = await place(orders, 'ann');
    await ground.events.publish(topics.inventory.topic, [{ key: old._id, value: reservedEvent(last._id) }]);
    await untilStatus(orders, last._id, 'CONFIRMED');
    expect(codeOf(await tryToCancel(orders, old._id, { user: 'ann' }))).toBe('ORDER_NOT_CANCELLABLE');
    await orders.close();
    expect(await createOrderStore(ground.documents).findById(old._id)).toMatchObject({
      status: 'EXPIRED',
      updatedAt: new Date(expired.updatedAt),
    });
  });
});

describe('a crash', () => {
  test('between storing and publishing loses nothing: the next start publishes', async () => {
    const store = createOrderStore(ground.documents);
    await store.createIndexes();
    const now = new Date(Date.now() - 60_000);
    const facts = { userId: 'ann', orderId: 'crashed', now, expiresAfterMs: 900_000 };
    const placing = placeOrder({ products: [{ _id: 'tea', quantity: 2 }] }, facts);
    if (placing.kind === 'invalid') throw new Error('not a valid placement');
    await store.insert(placing.order);

    const published = await collectOrderEvents(ground.events);
    const orders = await startOrders(ground);
    await expect.poll(() => published.map(({ id }) => id), { timeout: 10_000 }).toEqual(['crashed:1']);
    await reserve(ground.events, 'crashed');
    await untilStatus(orders, 'crashed', 'CONFIRMED');
    await orders.close();
  });

  test('before a decision was committed leaves it to the next start', async () => {
    const before = await startOrders(ground);
    const { _id } = await place(before, 'ann');
    await before.close();
    await reserve(ground.events, _id);
    const after = await startOrders(ground);
    await untilStatus(after, _id, 'CONFIRMED');
    await after.close();
  });
});

/** Events whose brokers can be away. */
function interruptible(events: Events): { events: Events; setAway(isAway: boolean): void } {
  let isAway = true;
  const guard =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (isAway) throw new UnavailableError('the brokers are away');
      return call(...args);
    };
  return {
    events: {
      createTopics: guard((declared) => events.createTopics(declared)),
      publish: guard((topic, records) => events.publish(topic, records)),
      subscribe: guard((options, onBatch) => events.subscribe(options, onBatch)),
      readAll: (topics) => events.readAll(topics),
      logId: guard(() => events.logId()),
      ping: guard(() => events.ping()),
      close: () => events.close(),
    },
    setAway(value) {
      isAway = value;
    },
  };
}

describe('without brokers', () => {
  test('it starts, is not ready, accepts orders, and catches up once they are there', async () => {
    const { events, setAway } = interruptible(ground.events);
    const orders = await startOrders({ ...ground, events }, { untilReady: false });
    expect((await fetch(`${orders.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${orders.url}/livez`)).status).toBe(200);
    const placed = await place(orders, 'ann', { waitMs: 50 });
    expect(placed.status).toBe('PENDING');
    setAway(false);
    const published = await collectOrderEvents(ground.events);
    await expect.poll(() => fetch(`${orders.url}/readyz`).then(({ status }) => status), patient).toBe(200);
    await expect.poll(() => published.map(({ id }) => id), patient).toEqual([`${placed._id}:1`]);
    await reserve(ground.events, placed._id);
    await untilStatus(orders, placed._id, 'CONFIRMED');
    await orders.close();
  });

  test('it can be stopped', async () => {
    const { events } = interruptible(ground.events);
    const orders = await startOrders({ ...ground, events }, { untilReady: false });
    const startedAtMs = performance.now();
    await orders.close();
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
  });
});

const patient = { timeout: 20_000 };

describe('a placement sent again', () => {
  test('does not wait for a decision that came while it looked for the first one', async () => {
    let placedId = '';
    const documents = interceptDocuments(ground.documents, async ({ method, args }, run) => {
      const result = await run();
      if (method === 'findOne' && Object.hasOwn(args[0] as object, 'placementKey')) {
        await reserve(ground.events, placedId);
        await untilStatus(orders, placedId, 'CONFIRMED');
      }
      return result;
    });
    const orders = await startOrders({ ...ground, documents });
    placedId = (await place(orders, 'ann', { key: 'k' }))._id;
    const startedAtMs = performance.now();
    const again = await place(orders, 'ann', { key: 'k', waitMs: 10_000 });
    expect(again).toMatchObject({ _id: placedId, status: 'CONFIRMED' });
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    await orders.close();
  });
});

describe('without its database', () => {
  test('a placement is SERVICE_UNAVAILABLE; one that was stored is answered all the same', async () => {
    let failing = new Set<string>();
    const documents = interceptDocuments(ground.documents, async ({ method }, run) => {
      if (failing.has(method)) throw new UnavailableError('the database is away');
      return run();
    });
    const orders = await startOrders({ ...ground, documents });
    failing = new Set(['insertOne']);
    expect(codeOf(await tryToPlace(orders, 'ann'))).toBe('SERVICE_UNAVAILABLE');
    expect(await listIds(orders, { user: 'ann' })).toEqual([]);
    failing = new Set(['findOne']);
    expect(await place(orders, 'ann', { waitMs: 20 })).toMatchObject({ status: 'PENDING' });
    failing = new Set(['bulkWrite']);
    const { _id } = await place(orders, 'ann');
    await reserve(ground.events, _id);
    await sleep(100);
    failing = new Set();
    await untilStatus(orders, _id, 'CONFIRMED');
    await orders.close();
  });
});

describe('close', () => {
  test('publishes what an outage of the brokers has left behind', async () => {
    const { events, setAway } = interruptible(ground.events);
    setAway(false);
    const published = await collectOrderEvents(ground.events);
    const orders = await startOrders({ ...ground, events }, { clock: stoppedClock().clock });
    setAway(true);
    const { _id } = await place(orders, 'ann', { waitMs: 50 });
    setAway(false);
    await orders.close();
    await expect.poll(() => published.map(({ id }) => id)).toEqual([`${_id}:1`]);
  });

  test('answers those who wait at once, publishes what is stored, and finishes in time', async () => {
    const published = await collectOrderEvents(ground.events);
    const orders = await startOrders(ground);
    const waiting = [1, 2, 3].map(() => place(orders, 'ann', { waitMs: 10_000 }));
    await until(async () => (await listIds(orders, { user: 'ann' })).length === 3 || null);
    const startedAtMs = performance.now();
    await Promise.all([orders.close(), orders.close()]);
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    for (const order of await Promise.all(waiting)) expect(order.status).toBe('PENDING');
    await expect.poll(() => published.length).toBe(3);
    await expect(fetch(`${orders.url}/livez`)).rejects.toThrow();
    await ground.events.publish(topics.inventory.topic, [{ key: 'x', value: 'nobody listens' }]);
  });
});
