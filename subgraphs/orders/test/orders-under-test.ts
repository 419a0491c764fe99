import { randomUUID } from 'node:crypto';
import { topics } from '@shop/contracts/events/topics.ts';
import type { EventData } from '@shop/contracts/events/types.ts';
import { type CloudEvent, type EventType, encodeEvent } from '@shop/shared/events/cloud-event';
import type { Events } from '@shop/shared/events/port';
import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import {
  type Answer,
  admin,
  ask,
  authenticate,
  type Caller,
  dataOf,
  type Fields,
} from '../../shared/test/ask.ts';
import type { Ground } from '../../shared/test/grounds.ts';
import { until } from '../../shared/test/until.ts';
import { createSubgraph, type OrdersDependencies } from '../src/subgraph.ts';

/** Starts the subgraph and waits until it is ready, unless told not to. */
export async function startOrders(
  { documents, events }: Pick<Ground, 'documents' | 'events'>,
  options: Partial<OrdersDependencies> & { untilReady?: boolean } = {},
): Promise<Subgraph> {
  const { untilReady = true, ...dependencies } = options;
  const orders = await createSubgraph({
    documents,
    events,
    authenticate,
    verifyRouter: 'off',
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    orderExpiresAfterMs: 900_000,
    ...dependencies,
  });
  if (untilReady) await until(async () => (await fetch(`${orders.url}/readyz`)).ok || null);
  return orders;
}

export const orderFields = `
  _id userId status total rejectionReason createdAt updatedAt
  products { _id quantity unitPrice product { __typename _id } }
  shortages { productId requested available product { __typename _id } }
  user { __typename _id }`;

/** An order as `orderFields` select it. */
export interface OrderView extends Fields {
  _id: string;
  userId: string;
  status: string;
  createdAt: string;
  updatedAt: string;
}

const placeOrderMutation = `mutation ($products: [OrderProductInput], $key: String, $waitMs: Int) {
  placeOrder(products: $products, idempotencyKey: $key, waitMs: $waitMs) { ${orderFields} }
}`;

export const oneTea = [{ _id: 'tea', quantity: 2 }];

export function tryToPlace(
  orders: Subgraph,
  user: string,
  variables: { products?: unknown; key?: unknown; waitMs?: unknown } = {},
): Promise<Answer> {
  return ask(orders, placeOrderMutation, { products: oneTea, ...variables }, { user });
}

/** Places an order that must be accepted. */
export async function place(...args: Parameters<typeof tryToPlace>): Promise<OrderView> {
  return orderIn(await tryToPlace(...args), 'placeOrder');
}

export function tryToCancel(orders: Subgraph, id: string, caller: Caller): Promise<Answer> {
  return ask(orders, `mutation ($id: ID!) { cancelOrder(id: $id) { ${orderFields} } }`, { id }, caller);
}

export async function readOrder(orders: Subgraph, id: string, caller = admin): Promise<OrderView | null> {
  const answer = await ask(orders, `query ($id: ID!) { order(id: $id) { ${orderFields} } }`, { id }, caller);
  return (answer.data?.order ?? null) as OrderView | null;
}

/** Reads the order until it has this status. */
export function untilStatus(orders: Subgraph, id: string, status: string): Promise<OrderView> {
  return until(async () => {
    const order = await readOrder(orders, id);
    return order?.status === status ? order : null;
  });
}

/** The ids that Query.orders shows this caller. */
export async function listIds(orders: Subgraph, caller: Caller, args = ''): Promise<string[]> {
  const list = orderIn(await ask(orders, `{ orders${args} { _id } }`, {}, caller), 'orders');
  return (list as unknown as OrderView[]).map(({ _id }) => _id);
}

export function orderIn(answer: Answer, field: string): OrderView {
  return dataOf(answer, field) as OrderView;
}

/** The record's text of what Products would say of an order. */
function inventoryEvent<T extends EventType>(type: T, data: EventData[T] & { orderId: string }, n: number) {
  const { orderId } = data;
  const facts = { id: `${orderId}:${n}`, source: '/products', type, subject: orderId, data };
  return encodeEvent({ ...facts, time: new Date().toISOString() });
}

export function reservedEvent(orderId: string, unitPrice = 450): string {
  const lines = [{ productId: 'tea', quantity: 2, unitPrice }];
  return inventoryEvent('inventory.reserved', { orderId, lines, total: 2 * unitPrice }, 1);
}

/** Publishes what Products would say of an order; `n` numbers the events of one reservation. */
export function publishInventory<T extends EventType>(
  events: Events,
  type: T,
  data: EventData[T] & { orderId: string },
  n = 1,
): Promise<void> {
  const value = inventoryEvent(type, data, n);
  return events.publish(topics.inventory.topic, [{ key: data.orderId, value }]);
}

export function reserve(events: Events, orderId: string, unitPrice?: number): Promise<void> {
  const value = reservedEvent(orderId, unitPrice);
  return events.publish(topics.inventory.topic, [{ key: orderId, value }]);
}

export function reject(events: Events, orderId: string): Promise<void> {
  const shortages = [{ productId: 'tea', requested: 2, available: 1 }];
  return publishInventory(events, 'inventory.rejected', {
    orderId,
    reason: 'INSUFFICIENT_STOCK',
    shortages,
  });
}

/** Collects what is published about orders, from the beginning. */
export async function collectOrderEvents(events: Events): Promise<CloudEvent[]> {
  await events.createTopics([topics.orders]);
  const collected: CloudEvent[] = [];
  await events.subscribe({ group: `test-${randomUUID()}`, topics: [topics.orders.topic] }, async (batch) => {
    for (const { value } of batch.records) collected.push(JSON.parse(value!) as CloudEvent);
  });
  return collected;
}
