import { openEmbeddedCache } from '@shop/shared/cache/embedded-cache';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { openEmbeddedEvents } from '@shop/shared/events/open-embedded-events';
import { silentLog } from '@shop/shared/process/log';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  place,
  readOrder,
  startOrders,
  tryToCancel,
} from '../../../subgraphs/orders/test/orders-under-test.ts';
import { only, startProducts, tryTo } from '../../../subgraphs/products/test/products-under-test.ts';
import { until } from '../../../subgraphs/shared/test/until.ts';
import type { Point } from './point.ts';
import { type Moment, momentsOf, ordersOf, type PartWithPoints, stepOf, stepsOf } from './steps.ts';
import { cacheWithPoints, documentsWithPoints, eventsWithPoints } from './with-points.ts';

type Passed = { step: string; moment: Moment; orderIds: string[] };

const closables: { close(): Promise<void> }[] = [];
const passed: Record<PartWithPoints, Passed[]> = { products: [], orders: [] };
const expiresAfterMs = 1_000;

beforeAll(async () => {
  const events = openEmbeddedEvents({ file: ':memory:', log: silentLog });
  const cache = openEmbeddedCache();
  const ownDocuments = () => openEmbeddedDocuments({ file: ':memory:' });
  const stores = { products: ownDocuments(), orders: ownDocuments() };
  const around = (part: PartWithPoints) => {
    const point: Point = {
      middleOf: () => [],
      pass: async (step, moment, orderIds) => void passed[part].push({ step, moment, orderIds: orderIds() }),
    };
    return {
      documents: documentsWithPoints(part, stores[part], point),
      events: eventsWithPoints(part, events, point),
      cache: cacheWithPoints(part, cache, point),
    };
  };
  const orders = await startOrders(around('orders'), { orderExpiresAfterMs: expiresAfterMs });
  closables.push(orders);
  // Nobody decides this one yet.
  const tooLate = await place(orders, 'ann');
  await until(async () => (await readOrder(orders, tooLate._id))?.status === 'EXPIRED' || null);
  const products = await startProducts(around('products'));
  closables.push(products, events, cache, stores.products, stores.orders);
  const tea = only<{ _id: string }>(await tryTo.create(products, { name: 'Tea', price: 450, quantity: 5 }));
  const outcome = async (quantity: number) => {
    const { _id } = await place(orders, 'ann', { products: [{ _id: tea._id, quantity }], waitMs: 5_000 });
    return { _id, status: (await readOrder(orders, _id))?.status };
  };
  const confirmed = await outcome(1);
  expect(confirmed.status).toBe('CONFIRMED');
  await tryToCancel(orders, confirmed._id, { user: 'ann' });
  // More than there is of it, and one that is there in the same order.
  const jam = only<{ _id: string }>(await tryTo.create(products, { name: 'Jam', price: 300, quantity: 9 }));
  const both = [
    { _id: jam._id, quantity: 1 },
    { _id: tea._id, quantity: 50 },
  ];
  const rejected = await place(orders, 'ann', { products: both, waitMs: 5_000 });
  expect((await readOrder(orders, rejected._id))?.status).toBe('REJECTED');
  // A commit is known to be done by the batch that comes after it, and there are six partitions.
  for (let n = 0; n < 30; n++) await place(orders, 'ann', { products: [{ _id: jam._id, quantity: 1 }] });
  const commits = () =>
    (['products', 'orders'] as const).every((part) =>
      passed[part].some(({ step, moment }) => step === 'commit' && moment === 'after'),
    );
  await until(async () => commits() || null);
});
afterAll(async () => {
  for (const closable of closables) await closable.close();
});

const points = (['products', 'orders'] as const).flatMap((part) =>
  stepsOf[part].flatMap((step) => momentsOf(part, step).map((moment) => [part, step, moment] as const)),
);

// Only of these does an order of its own make two writes; the others have a middle when two orders come together.
const alwaysHalved = ['hold', 'restock', 'remove-marks', 'give-back'];
const isMet = (step: string, moment: Moment) => moment !== 'between' || alwaysHalved.includes(step);

test.each(points.filter(([, step, moment]) => isMet(step, moment)))(
  '%s comes to %s, %s',
  (part, step, moment) => {
    expect(passed[part].map((each) => `${each.step} ${each.moment}`)).toContain(`${step} ${moment}`);
  },
);

test('an order meets the steps in the order of the protocol', () => {
  const rejected = passed.products.findLast(({ step }) => step === 'give-back')?.orderIds[0];
  const met = passed.products.filter(
    ({ step, moment, orderIds }) =>
      moment === 'before' && step !== 'pull-outbox' && orderIds.includes(String(rejected)),
  );
  const steps = ['open', 'hold', 'decide', 'give-back', 'finish-rejecting', 'remove-marks'];
  expect(met.map(({ step }) => step)).toEqual(steps);
});

test('what is no step of the protocol has no name', () => {
  const call = (collection: string, method: string, ...args: unknown[]) =>
    ({ port: 'documents', collection, method, args }) as const;
  expect(stepOf('products', call('products', 'find', {}, { limit: 1 }))).toBeUndefined();
  expect(stepOf('products', call('products', 'bulkWrite', [{ deleteOne: { filter: {} } }]))).toBeUndefined();
  expect(stepOf('products', call('products', 'findOneAndUpdate', {}, { $set: {} }))).toBeUndefined();
  expect(stepOf('orders', { port: 'publish', topic: 'orders.v1.dlq' })).toBeUndefined();
  expect(stepOf('orders', { port: 'commit', group: 'another' })).toBeUndefined();
  expect(ordersOf({ port: 'invalidate' })).toEqual([]);
});
