import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type Caller, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { listIds, orderIn, place, startOrders, tryToCancel, tryToPlace } from './orders-under-test.ts';

const reader: Caller = { user: 'service:orders:read' };
const writer: Caller = { user: 'service:orders:write' };
const other: Caller = { user: 'service:products:read,products:write,users:read,internal' };

let ground: Ground;
let orders: Subgraph;
let anns: string;

beforeAll(async () => {
  ground = openGroundInMemory();
  orders = await startOrders(ground);
  anns = (await place(orders, 'ann'))._id;
});
afterAll(async () => {
  await orders.close();
  await ground.remove();
});

const reads = [
  '{ orders { _id userId } }',
  'query ($id: ID!) { order(id: $id) { _id userId } }',
  `{ _entities(representations: [{ __typename: "User", _id: "ann" }]) {
    ... on User { orders { nodes { _id userId } } } } }`,
];

test.each(reads)('with orders:read a client reads orders of all: %s', async (query) => {
  const answer = await ask(orders, query, { id: anns }, reader);
  expect(answer.errors).toBeUndefined();
  expect(JSON.stringify(answer.data)).toContain(anns);
});

test.each(reads)('without it, none: %s', async (query) => {
  for (const caller of [writer, other]) {
    const answer = await ask(orders, query, { id: anns }, caller);
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(JSON.stringify(answer.data)).not.toContain('ann');
  }
});

test('with orders:write a client cancels the order of anybody; without, of nobody', async () => {
  const { _id } = await place(orders, 'bob');
  for (const caller of [reader, other])
    expect(codeOf(await tryToCancel(orders, _id, caller))).toBe('FORBIDDEN');
  expect(await listIds(orders, { user: 'bob' }, '(status: PENDING)')).toEqual([_id]);
  const cancelled = orderIn(await tryToCancel(orders, _id, writer), 'cancelOrder');
  expect(cancelled).toMatchObject({ _id, status: 'CANCELLED' });
});

test('no scope places an order: it would be nobody’s', async () => {
  for (const { user = '' } of [reader, writer, other]) {
    expect(codeOf(await tryToPlace(orders, user))).toBe('FORBIDDEN');
  }
  expect(dataOf(await ask(orders, '{ orders(status: PENDING) { userId } }', {}, reader), 'orders')).toEqual([
    { userId: 'ann' },
  ]);
});
