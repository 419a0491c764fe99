import type { EventData } from '@shop/contracts/events/types.ts';
import type { CloudEvent } from '@shop/shared/events/cloud-event';
import { expect, test } from 'vitest';
import { toOrdersBatch } from './on-orders.ts';

type Handled = 'order.placed' | 'order.cancelled' | 'order.expired';

const at = '2026-01-31T12:00:00.000Z';

function event<T extends Handled>(offset: number, type: T, data: EventData[T]) {
  const envelope = { specversion: '1.0', datacontenttype: 'application/json', source: '/orders', time: at };
  const { orderId } = data;
  const facts = { id: `${orderId}:1`, type, subject: orderId, dataschema: `urn:shop:${type}:v1`, data };
  return { offset, event: { ...envelope, ...facts } as CloudEvent<Handled> };
}

const placed = (offset: number, orderId: string, ...lines: [string, number][]) =>
  event(offset, 'order.placed', {
    orderId,
    userId: 'ann',
    lines: lines.map(([productId, quantity]) => ({ productId, quantity })),
    placedAt: at,
  });

const { signal } = new AbortController();

test('placements and what undoes them, each with its offset, in order', () => {
  const events = [
    placed(3, 'o1', ['tea', 1]),
    event(4, 'order.cancelled', { orderId: 'o0', at }),
    placed(6, 'o2', ['pot', 2], ['tea', 1]),
    event(7, 'order.expired', { orderId: 'o1', at }),
  ];
  expect(toOrdersBatch({ partition: 5, lastOffset: 9, events, signal }, 'log')).toEqual({
    partition: 'log-5',
    lastOffset: 9,
    placed: [
      { orderId: 'o1', offset: 3, lines: [{ productId: 'tea', quantity: 1 }] },
      {
        orderId: 'o2',
        offset: 6,
        lines: [
          { productId: 'pot', quantity: 2 },
          { productId: 'tea', quantity: 1 },
        ],
      },
    ],
    cancelled: [
      { orderId: 'o0', offset: 4 },
      { orderId: 'o1', offset: 7 },
    ],
  });
});

test('lines of one product become one, where the first was', () => {
  const events = [placed(0, 'o1', ['tea', 1], ['pot', 1], ['tea', 2], ['tea', 3])];
  expect(toOrdersBatch({ partition: 0, lastOffset: 0, events, signal }, 'log').placed[0]?.lines).toEqual([
    { productId: 'tea', quantity: 6 },
    { productId: 'pot', quantity: 1 },
  ]);
});
