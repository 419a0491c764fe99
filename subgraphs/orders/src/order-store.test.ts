import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Decision } from './decision.ts';
import type { OrderDoc, OrderStatus } from './order.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';
import { placeOrder } from './place-order.ts';

const placedAt = new Date('2026-01-31T12:00:00.000Z');
const later = new Date('2026-01-31T12:00:05.000Z');
const confirmed: Decision = {
  orderId: 'a',
  status: 'CONFIRMED',
  lines: [{ productId: 'tea', quantity: 2, unitPrice: 450 }],
  total: 900,
};
const rejected: Decision = {
  orderId: 'a',
  status: 'REJECTED',
  reason: 'INSUFFICIENT_STOCK',
  shortages: [{ productId: 'tea', requested: 2, available: 1 }],
};
const admin = { kind: 'admin' } as const;

let documents: Documents;
let store: OrderStore;

beforeEach(async () => {
  documents = openEmbeddedDocuments({ file: ':memory:' });
  store = createOrderStore(documents);
  await store.createIndexes();
});
afterEach(() => documents.close());

function orderOf(orderId: string, { userId = 'ann', key }: { userId?: string; key?: string } = {}): OrderDoc {
  const products = [{ _id: 'tea', quantity: 2 }];
  const facts = { userId, orderId, now: placedAt, expiresAfterMs: 1_000 };
  const placing = placeOrder({ products, idempotencyKey: key }, facts);
  if (placing.kind === 'invalid') throw new Error('not a valid placement');
  return placing.order;
}

const changes: Record<Exclude<OrderStatus, 'PENDING'>, () => Promise<unknown>> = {
  CONFIRMED: () => store.decide([confirmed], later),
  REJECTED: () => store.decide([rejected], later),
  CANCELLED: () => store.cancel('a', admin, later),
  EXPIRED: () => store.expire(['a'], later),
};
const targets = Object.keys(changes) as (keyof typeof changes)[];

async function stored(): Promise<OrderDoc | null> {
  return documents.collection<OrderDoc>('orders').findOne({ _id: 'a' });
}

describe('a status', () => {
  test.each(targets)('PENDING turns into %s', async (target) => {
    await store.insert(orderOf('a'));
    await changes[target]();
    expect(await store.findById('a')).toMatchObject({
      status: target,
      updatedAt: later,
      createdAt: placedAt,
    });
  });

  test('CONFIRMED turns into CANCELLED and keeps what it cost', async () => {
    await store.insert(orderOf('a'));
    await changes.CONFIRMED();
    const cancelled = await store.cancel('a', admin, later);
    expect(cancelled).toMatchObject({ status: 'CANCELLED', total: 900, lines: confirmed.lines });
  });

  const isLegal = (from: string, to: string) => from === 'CONFIRMED' && to === 'CANCELLED';
  const illegal = targets.flatMap((from) =>
    targets.filter((to) => !isLegal(from, to)).map((to) => [from, to] as const),
  );
  test.each(illegal)('%s never turns into %s: nothing at all is changed', async (from, to) => {
    await store.insert(orderOf('a'));
    await changes[from]();
    const before = await stored();
    const muchLater = new Date(later.getTime() + 60_000);
    if (to === 'CANCELLED') expect(await store.cancel('a', admin, muchLater)).toBeNull();
    else if (to === 'EXPIRED') await store.expire(['a'], muchLater);
    else await store.decide([to === 'CONFIRMED' ? confirmed : rejected], muchLater);
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['CANCELLED', 'order.cancelled'],
    ['EXPIRED', 'order.expired'],
  ] as const)('%s comes with its event, in the same write', async (target, type) => {
    await store.insert(orderOf('a'));
    await changes[target]();
    const at = later.toISOString();
    const order = await stored();
    expect(order?.outbox.slice(1)).toEqual([{ id: 'a:2', type, data: { orderId: 'a', at }, at }]);
    expect(order?.outboxAt).toEqual(placedAt);
  });

  test('a decision about an order that is not there leaves nothing behind', async () => {
    await store.decide([confirmed], later);
    expect(await store.findById('a')).toBeNull();
  });
});

test('a user cancels only their own order', async () => {
  await store.insert(orderOf('a'));
  expect(await store.cancel('a', { kind: 'user', userId: 'bob' }, later)).toBeNull();
  expect(await store.cancel('a', { kind: 'user', userId: 'ann' }, later)).toMatchObject({
    status: 'CANCELLED',
  });
});

test('a placementKey is unique per user, and orders without one do not meet', async () => {
  expect(await store.insert(orderOf('a', { key: 'k' }))).toBe('stored');
  expect(await store.insert(orderOf('b', { key: 'k' }))).toBe('duplicate');
  expect(await store.insert(orderOf('c', { key: 'k', userId: 'bob' }))).toBe('stored');
  expect(await store.insert(orderOf('d'))).toBe('stored');
  expect(await store.insert(orderOf('e'))).toBe('stored');
  expect(await store.findById('b')).toBeNull();
  const { requestHash } = orderOf('a');
  expect(await store.findByPlacementKey('ann:k')).toMatchObject({ _id: 'a', requestHash });
});

test('what is overdue is found oldest first and page by page, and only while pending', async () => {
  const expiresAt = (ms: number) => new Date(placedAt.getTime() + ms);
  await store.insert({ ...orderOf('young'), expiresAt: expiresAt(9_000) });
  await store.insert({ ...orderOf('b'), expiresAt: expiresAt(2_000) });
  await store.insert({ ...orderOf('a'), expiresAt: expiresAt(3_000) });
  await store.insert({ ...orderOf('c'), expiresAt: expiresAt(1_000) });
  expect(await store.findOverdue(later, 2)).toEqual(['c', 'b']);
  await store.expire(['c'], later);
  expect(await store.findOverdue(later, 10)).toEqual(['b', 'a']);
});

test('lists show the newest first, of the users, the status and below the order asked for, without inner fields', async () => {
  for (const id of ['1', '2', '3']) await store.insert(orderOf(id, { key: id }));
  await store.insert(orderOf('4', { userId: 'bob' }));
  await store.cancel('2', admin, later);
  const ids = async (...args: Parameters<OrderStore['list']>) =>
    (await store.list(...args)).map(({ _id }) => _id);
  expect(await ids({}, 10)).toEqual(['4', '3', '2', '1']);
  expect(await ids({ userIds: ['ann'] }, 2)).toEqual(['3', '2']);
  expect(await ids({ userIds: ['ann', 'bob'], before: '4' }, 2)).toEqual(['3', '2']);
  expect(await ids({ userIds: ['ann'], status: 'PENDING' }, 10)).toEqual(['3', '1']);
  expect(await ids({ userIds: [] }, 10)).toEqual([]);
  const [order] = await store.list({}, 1);
  expect(Object.keys(order!)).not.toEqual(expect.arrayContaining(['outbox']));
  for (const inner of ['outbox', 'outboxAt', 'placementKey', 'requestHash'])
    expect(order).not.toHaveProperty(inner);
});
