import { setTimeout as sleep } from 'node:timers/promises';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, dataOf } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { until } from '../../shared/test/until.ts';
import { readAgainWithinMs } from '../src/accept-order.ts';
import { listIds, place, reserve, startOrders } from './orders-under-test.ts';

const waitMs = 10_000;
let ground: Ground;
beforeEach(() => {
  ground = openGroundInMemory();
});
afterEach(() => ground.remove());

async function timed<Result>(run: Promise<Result>): Promise<{ result: Result; tookMs: number }> {
  const startedAtMs = performance.now();
  const result = await run;
  return { result, tookMs: performance.now() - startedAtMs };
}

test('those who wait keep nobody out: past their bound an order is placed and answered at once', async () => {
  const orders = await startOrders(ground, { maxRequests: 4, maxWaiters: 2 });
  const waiting = [place(orders, 'ann', { waitMs }), place(orders, 'ann', { waitMs })];
  const ids = await until(async () => {
    const found = await listIds(orders, { user: 'ann' });
    return found.length === 2 ? found : null;
  });
  const { result: third, tookMs } = await timed(place(orders, 'bob', { waitMs }));
  expect(third.status).toBe('PENDING');
  expect(tookMs).toBeLessThan(waitMs / 2);
  for (const id of ids) await reserve(ground.events, id);
  for (const order of await Promise.all(waiting)) expect(order.status).toBe('CONFIRMED');
  await reserve(ground.events, third._id);
  await until(async () => (await listIds(orders, { user: 'bob' }, '(status: CONFIRMED)'))[0] ?? null);
  await orders.close();
});

test('the orders of one request wait together as long as each may alone', async () => {
  const orders = await startOrders(ground);
  const line = `products: [{ _id: "tea", quantity: 1 }], waitMs: 600`;
  const mutation = `mutation { a: placeOrder(${line}) { status } b: placeOrder(${line}) { status } }`;
  const { result, tookMs } = await timed(ask(orders, mutation, {}, { user: 'ann' }));
  expect([dataOf(result, 'a'), dataOf(result, 'b')]).toEqual([{ status: 'PENDING' }, { status: 'PENDING' }]);
  expect(tookMs).toBeGreaterThan(590);
  expect(tookMs).toBeLessThan(1_100);
  await orders.close();
});

test('an order that was stored is answered although the database hangs from then on', async () => {
  const documents = interceptDocuments(ground.documents, async ({ method }, run) => {
    if (method === 'findOne') await sleep(4_500);
    return run();
  });
  const orders = await startOrders({ ...ground, documents });
  const { result, tookMs } = await timed(place(orders, 'ann', { waitMs: 300 }));
  expect(result.status).toBe('PENDING');
  expect(tookMs).toBeLessThan(300 + readAgainWithinMs + 1_000);
  await orders.close();
});
