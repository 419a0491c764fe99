import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProduct } from './create-product.ts';
import { createProductStore } from './product-store.ts';
import type { ReservationDoc } from './reservation.ts';
import { createReservationStore, type ReservationStore } from './reservation-store.ts';
import { type OrdersBatch, reserveBatch } from './reserve-batch.ts';

const now = new Date('2026-01-31T12:00:00.000Z');

let documents: Documents;
let steps: string[];

beforeEach(async () => {
  documents = openEmbeddedDocuments({ file: ':memory:' });
  steps = [];
  const input = { name: 'Tea', price: 450, quantity: 5, description: null, status: 'ACTIVE' } as const;
  await createProductStore(documents).insert(createProduct(input, 'tea', now));
});
afterEach(() => documents.close());

/** Writes down each step as it begins and, where that matters, as it ends. */
function recorded(store: ReservationStore): ReservationStore {
  const wrapped = Object.entries(store).map(([name, step]) => [
    name,
    (...args: unknown[]) => {
      steps.push(name);
      return (step as (...args: unknown[]) => Promise<unknown>)(...args);
    },
  ]);
  return Object.fromEntries(wrapped) as ReservationStore;
}

function run(batch: Partial<OrdersBatch>): Promise<string[]> {
  const store = recorded(createReservationStore(documents, () => now));
  const invalidation = {
    async invalidate(productIds: Iterable<string>) {
      steps.push('invalidating');
      // Later than anything that does not wait for it.
      await new Promise((resolve) => setTimeout(resolve, 5));
      steps.push(`invalidated ${[...productIds].toSorted()}`);
    },
  };
  const onDecided = (orderIds: string[]) => steps.push(`told ${orderIds}`);
  return reserveBatch(
    { partition: 'log-0', lastOffset: 9, placed: [], cancelled: [], ...batch },
    { store, invalidation, onDecided },
  );
}

const placed = (orderId: string, quantity: number, productId = 'tea', offset = 0) => ({
  orderId,
  offset,
  lines: [{ productId, quantity }],
});

const stateOf = async (orderId: string) =>
  (await documents.collection<ReservationDoc>('reservations').findOne({ _id: orderId }))?.state;

describe('the steps of a batch', () => {
  test('that reserves: what is cached is gone before the decision is stored', async () => {
    expect(await run({ placed: [placed('o1', 2)] })).toEqual(['tea']);
    expect(steps).toEqual([
      'open',
      'hold',
      'readHeld',
      'invalidating',
      'invalidated tea',
      'decide',
      'told o1',
      'removeMarks',
    ]);
    expect(await stateOf('o1')).toBe('reserved');
  });

  test('that rejects: the decision, then the stock goes back, and only then Orders is told', async () => {
    await run({
      placed: [{ ...placed('o1', 2), lines: [...placed('o1', 2).lines, { productId: 'none', quantity: 1 }] }],
    });
    expect(steps.slice(steps.indexOf('decide'))).toEqual([
      'decide',
      'told o1',
      'giveBack',
      'invalidating',
      'invalidated none,tea',
      'finishRejecting',
      'told o1',
      'removeMarks',
    ]);
    expect(await stateOf('o1')).toBe('rejected');
  });

  test('that releases: after the placements of the same batch', async () => {
    await run({ placed: [placed('o1', 2)], cancelled: [{ orderId: 'o1', offset: 1 }] });
    expect(steps.slice(steps.indexOf('told o1') + 1)).toEqual([
      'bury',
      'beginReleasing',
      'find',
      'restock',
      'invalidating',
      'invalidated tea',
      'finishReleasing',
      'told o1',
      'removeMarks',
    ]);
    expect(await stateOf('o1')).toBe('released');
  });

  test('that is delivered again: nothing is held or decided anew, the same products are named', async () => {
    const batch = { placed: [placed('o1', 2), placed('o2', 9)], cancelled: [{ orderId: 'o1', offset: 1 }] };
    const first = await run(batch);
    steps = [];
    expect(await run(batch)).toEqual(first);
    expect(steps).toEqual(['open', 'find', 'bury', 'beginReleasing', 'find', 'removeMarks']);
  });

  test('that another worker decides in the middle: its decision is what counts', async () => {
    const store = createReservationStore(documents, () => now);
    const other = recorded(store);
    const batch = { partition: 'log-0', lastOffset: 9, placed: [placed('o1', 2)], cancelled: [] };
    const invalidation = {
      async invalidate() {
        const shortages = [{ productId: 'tea', requested: 2, available: 0 }];
        await store.decide([{ kind: 'rejected', orderId: 'o1', reason: 'INSUFFICIENT_STOCK', shortages }]);
      },
    };
    await reserveBatch(batch, { store: other, invalidation, onDecided: () => {} });
    expect(steps.slice(steps.indexOf('decide'))).toEqual([
      'decide',
      'find',
      'giveBack',
      'finishRejecting',
      'removeMarks',
    ]);
    expect(await stateOf('o1')).toBe('rejected');
    const product = await documents.collection<{ _id: string; quantity: number }>('products').findOne({});
    expect(product?.quantity).toBe(5);
  });

  test('in which an order comes twice: the first counts', async () => {
    await run({ placed: [placed('o1', 2), placed('o1', 3)] });
    const product = await documents.collection<{ _id: string; quantity: number }>('products').findOne({});
    expect(product?.quantity).toBe(3);
  });

  test('of nothing: none', async () => {
    expect(await run({})).toEqual([]);
    expect(steps).toEqual(['removeMarks']);
  });
});

test('a batch of 200 orders costs a handful of round trips', async () => {
  const orders = Array.from({ length: 200 }, (_, n) => placed(`o${n}`, 1, 'tea', n));
  const cancelled = orders.slice(0, 50).map(({ orderId }) => ({ orderId, offset: 300 }));
  await run({ placed: orders, cancelled, lastOffset: 400 });
  const roundTrips = steps.filter((step) => !step.includes(' ') && step !== 'invalidating');
  expect(roundTrips.length).toBeLessThanOrEqual(14);
});
