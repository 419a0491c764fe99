import type { EventData } from '@shop/contracts/events/types.ts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openEmbeddedDocuments } from '../documents/embedded/open-embedded-documents.ts';
import { type EventType, encodeEvent } from './cloud-event.ts';
import { openEmbeddedEvents } from './open-embedded-events.ts';
import { type OutboxDoc, outboxEntry, outboxFields, outboxIndex } from './outbox.ts';
import { createOutboxRelay } from './outbox-relay.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
const rejected = { orderId: 'o1', reason: 'INSUFFICIENT_STOCK', shortages: [] } as const;
const line = { productId: 'tea', quantity: 1, unitPrice: 450 };

function entryOf<T extends EventType>(type: T, data: EventData[T]) {
  return outboxEntry('o1:1', type, data, now);
}

function encode<T extends EventType>(type: T, data: EventData[T]): string {
  return encodeEvent({ id: 'o1:1', source: '/a', type, subject: 'o1', time: now.toISOString(), data });
}

describe.each([
  ['outboxEntry', entryOf],
  ['encodeEvent', encode],
])('%s', (_, produce) => {
  test('takes what its schema allows', () => {
    expect(() => produce('inventory.rejected', { ...rejected, shortages: [] })).not.toThrow();
    const reserved = { orderId: 'o1', lines: [line], total: 450 };
    expect(() => produce('inventory.reserved', reserved)).not.toThrow();
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'a wrong value far down',
      () =>
        produce('inventory.reserved', {
          orderId: 'o1',
          lines: [line, { ...line, quantity: 54_321 }],
          total: 450,
        }),
      /urn:shop:inventory\.reserved:v1: \/lines\/1\/quantity /,
    ],
    [
      'a pattern that is not met',
      () => produce('product.deleted', { productId: 'a secret name' }),
      /urn:shop:product\.deleted:v1: \/productId /,
    ],
    [
      'a missing member',
      () => produce('order.placed', { orderId: 'o1' } as EventData['order.placed']),
      /urn:shop:order\.placed:v1: .*'userId'/,
    ],
    [
      'a value outside the enumeration',
      () =>
        produce('inventory.rejected', { ...rejected, shortages: [], reason: 'SECRET' as 'TOTAL_TOO_LARGE' }),
      /urn:shop:inventory\.rejected:v1: \/reason /,
    ],
    [
      'a type without a schema',
      () => produce('order.lost' as 'order.placed', {} as never),
      /no schema urn:shop:order\.lost/,
    ],
  ])('refuses %s: it names type and path, and no value', (_, act, message) => {
    expect(act).toThrow(message);
    expect(act).not.toThrow(/54321|secret/i);
  });
});

test('what another release left in an outbox is published as it is, and nothing waits behind it', async () => {
  const log = pino({ level: 'silent' });
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  const events = openEmbeddedEvents({ file: ':memory:', log });
  await events.createTopics([{ topic: 'orders.v1', partitions: 1 }]);
  const published: (string | null)[] = [];
  await events.subscribe({ group: 'test', topics: ['orders.v1'] }, async ({ records }) => {
    published.push(...records.map(({ value }) => value));
  });
  const collection = documents.collection<OutboxDoc>('orders');
  await collection.createIndexes([outboxIndex]);
  const older = {
    ...entryOf('order.cancelled', { orderId: 'o1', at: now.toISOString() }),
    data: { orderId: 7 },
  };
  const newer = { ...entryOf('order.cancelled', { orderId: 'o1', at: now.toISOString() }), major: 2 };
  await collection.insertOne({ _id: 'o1', ...outboxFields([older, newer], now) });
  const relay = createOutboxRelay({ collection, topic: 'orders.v1', source: '/orders', events, log });
  await relay.flush();
  await expect.poll(() => published).toHaveLength(2);
  expect(published[0]).toContain('"dataschema":"urn:shop:order.cancelled:v1","data":{"orderId":7}');
  expect(published[1]).toContain('"dataschema":"urn:shop:order.cancelled:v2"');
  await relay.stop();
  await events.close();
  await documents.close();
});
