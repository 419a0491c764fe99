import { flows } from '@shop/contracts/events/flows.ts';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { encodeUnchecked } from '@shop/shared/events/cloud-event';
import type { OnBatch } from '@shop/shared/events/port';
import { createLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  place,
  startOrders,
  tryToCancel,
  untilStatus,
} from '../../subgraphs/orders/test/orders-under-test.ts';
import {
  adjust,
  create,
  remove,
  startProducts,
  update,
} from '../../subgraphs/products/test/products-under-test.ts';
import { admin } from '../../subgraphs/shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../subgraphs/shared/test/grounds.ts';
import { type RecordedEvents, recordEvents } from './recorded-events.ts';

type Name = keyof typeof flows;
const names = Object.keys(flows) as Name[];
const allTypes = Object.values(topics).flatMap(({ types }): string[] => [...types]);

let grounds: Record<Name, Ground>;
let recorded: Record<Name, RecordedEvents>;
let orders: Subgraph;
let products: Subgraph;
let ordersClockAheadMs = 0;

const log = createLog('flows', 'silent');
/** Told once for each batch in which a part finds something that it cannot decode. */
const warn = vi.spyOn(log, 'warn');

beforeAll(async () => {
  grounds = { orders: openGroundInMemory(), products: openGroundInMemory() };
  // They share their topics, and nothing else.
  const { events } = grounds.orders;
  recorded = { orders: recordEvents(events), products: recordEvents(events) };
  products = await startProducts({ ...grounds.products, events: recorded.products.events }, { log });
  const clock = () => new Date(Date.now() + ordersClockAheadMs);
  const options = { log, clock, orderExpiresAfterMs: 4_000 };
  orders = await startOrders({ ...grounds.orders, events: recorded.orders.events }, options);
});
afterAll(async () => {
  await Promise.all([orders.close(), products.close()]);
  await Promise.all(Object.values(grounds).map((ground) => ground.remove()));
});

describe.each(names)('%s', (name) => {
  test('joins the groups and hears the broadcasts that flows.ts names, and handles these types', async () => {
    const found = [];
    for (const { group, topics, onBatch } of recorded[name].subscribed) {
      const types = await typesHandledBy(name, topics[0]!, onBatch);
      const by = typeof group === 'string' ? { group } : group;
      found.push({ topic: topics, ...by, types });
    }
    const declared = flows[name].receives.map(({ topic, types, why: _, ...by }) => ({
      topic: [topics[topic].topic],
      ...by,
      types: [...types].sort(),
    }));
    expect(found.sort(byText)).toEqual(declared.sort(byText));
  });
});

test('what is said is what flows.ts names: each type by its part, in its topic', async () => {
  await sayEverything();
  for (const name of names) {
    const said = recorded[name].published
      .filter(({ topic }) => !Object.values(deadLetterTopics).some((letters) => letters.topic === topic))
      .map(({ topic, value }) => {
        const { type, source } = JSON.parse(value) as { type: string; source: string };
        expect(`${source}/`).toMatch(new RegExp(`^${flows[name].source}/`));
        return `${topic} ${type}`;
      });
    const declared = flows[name].sends.flatMap(({ topic, types }) =>
      types.map((type) => `${topics[topic].topic} ${type}`),
    );
    expect([...new Set(said)].sort(), name).toEqual(declared.sort());
  }
});

/** A type is handled where data that does not match its schema is noticed; a consumer skips all others unseen. */
async function typesHandledBy(name: Name, topic: string, onBatch: OnBatch): Promise<string[]> {
  const handled: string[] = [];
  const { published } = recorded[name];
  for (const type of allTypes) {
    const envelope = { id: 'a', source: '/test', subject: 'a', time: '2026-01-31T12:00:00Z' };
    const value = encodeUnchecked({ ...envelope, type, data: null });
    const record = { key: 'a', value, headers: {}, offset: 0, timestampMs: 0 };
    const letters = published.length;
    warn.mockClear();
    await onBatch({ topic, partition: 0, records: [record], signal: new AbortController().signal });
    if (warn.mock.calls.length > 0) handled.push(type);
    // Whoever sets aside says where to.
    for (const letter of published.slice(letters)) expect(letter.topic).toBe(`${topic}.dlq`);
  }
  return handled.sort();
}

/** The ways of an order and of a product, one after the other. */
async function sayEverything(): Promise<void> {
  const { _id } = await create(products, { quantity: 5 });
  const other = await create(products, { quantity: 1 });
  await update(products, _id, { price: 500 });
  await adjust(products, _id, 1);
  await remove(products, other._id);
  const confirmed = await place(orders, 'ann', { products: [{ _id, quantity: 2 }] });
  await untilStatus(orders, confirmed._id, 'CONFIRMED');
  const rejected = await place(orders, 'ann', { products: [{ _id, quantity: 50 }] });
  await untilStatus(orders, rejected._id, 'REJECTED');
  await tryToCancel(orders, confirmed._id, admin);
  const released = () =>
    recorded.products.published.some(({ value }) => value.includes('inventory.released'));
  await expect.poll(released, { timeout: 20_000 }).toBe(true);
  // With nobody to decide about it an order expires.
  await products.close();
  const expired = await place(orders, 'ann', { products: [{ _id, quantity: 1 }] });
  ordersClockAheadMs = 60_000;
  await untilStatus(orders, expired._id, 'EXPIRED');
  await orders.close();
}

function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
