import { readFile } from 'node:fs/promises';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EventFacts, encodeUnchecked } from './cloud-event.ts';
import { consumeEvents } from './consume.ts';
import { openEmbeddedEvents } from './open-embedded-events.ts';
import type { DeliveredRecord, Events } from './port.ts';

const log = pino({ level: 'silent' });
const { topic } = topics.orders;
let events: Events;

beforeEach(async () => {
  events = openEmbeddedEvents({ file: ':memory:', log });
  await events.createTopics([{ topic, partitions: 1 }, deadLetterTopics.orders]);
});
afterEach(() => events.close());

function cancelled(id: string, change: Partial<EventFacts> = {}): string {
  const at = '2025-03-01T10:00:00.000Z';
  const data = { orderId: id, at };
  return encodeUnchecked({
    id: `${id}:1`,
    source: '/orders',
    type: 'order.cancelled',
    subject: id,
    time: at,
    data,
    ...change,
  });
}

async function deadLetters(): Promise<DeliveredRecord[]> {
  const found: DeliveredRecord[] = [];
  const subscription = await events.subscribe(
    { group: 'dlq', topics: [`${topic}.dlq`] },
    async ({ records }) => {
      found.push(...records);
    },
  );
  await new Promise((resolve) => setImmediate(resolve));
  await subscription.stop();
  return found;
}

const publish = (...values: string[]) =>
  events.publish(
    topic,
    values.map((value) => ({ key: 'a', value, headers: { trace: 't' } })),
  );

describe('consumeEvents', () => {
  test.each([
    ['not JSON', '{"specversion":', /^not JSON/],
    ['JSON, but no event', '[1]', /^not a CloudEvent/],
    [
      'an event of another CloudEvents version',
      cancelled('a').replace('"1.0"', '"2.0"'),
      /^not a CloudEvent.*specversion/,
    ],
    [
      'an unknown major version',
      cancelled('a').replace(':v1', ':v2'),
      /^unknown version: urn:shop:order.cancelled:v2/,
    ],
    [
      "another type's schema",
      cancelled('a').replace('urn:shop:order.cancelled', 'urn:shop:order.expired'),
      /^unknown version/,
    ],
    [
      'data that does not match',
      cancelled('a', { data: { orderId: 'a.b' } }),
      /^data does not match .*:v1: /,
    ],
  ])(
    '%s goes to the dead-letter topic as it is, with its cause; the rest flows on',
    async (_, value, cause) => {
      const onEvents = vi.fn(async () => {});
      await consumeEvents({
        events,
        log,
        group: 'g',
        source: { topic },
        types: ['order.cancelled'],
        onEvents,
      });
      await publish(cancelled('a'), value, cancelled('b'));

      await vi.waitFor(() => expect(onEvents).toHaveBeenCalledOnce());
      expect(onEvents.mock.calls).toMatchObject([
        [{ partition: 0, lastOffset: 2, events: [{ offset: 0, event: { subject: 'a' } }, { offset: 2 }] }],
      ]);
      await vi.waitFor(async () => {
        expect(await deadLetters()).toMatchObject([
          {
            key: 'a',
            value,
            headers: {
              trace: 't',
              'dlq-cause': expect.stringMatching(cause),
              'dlq-topic': topic,
              'dlq-partition': '0',
              'dlq-offset': '1',
              'dlq-time': expect.stringMatching(/^\d{4}-.*Z$/),
            },
          },
        ]);
      });
    },
  );

  test('types that it does not handle, known or not, are skipped; lastOffset counts them', async () => {
    const onEvents = vi.fn(async () => {});
    await consumeEvents({ events, log, group: 'g', source: { topic }, types: ['order.expired'], onEvents });
    const expired = cancelled('b', { type: 'order.expired' });
    await publish(cancelled('a', { data: null }), expired, cancelled('c', { type: 'order.gift_wrapped' }));

    await vi.waitFor(() => expect(onEvents).toHaveBeenCalledOnce());
    expect(onEvents.mock.calls).toMatchObject([[{ lastOffset: 2, events: [{ offset: 1 }] }]]);
    expect(await deadLetters()).toEqual([]);
  });

  test('members that a schema gained later do no harm', async () => {
    const onEvents = vi.fn(async () => {});
    await consumeEvents({ events, log, group: 'g', source: { topic }, types: ['order.cancelled'], onEvents });
    await publish(cancelled('a', { data: { orderId: 'a', at: '2025-03-01T10:00:00Z', by: 'admin' } }));
    await vi.waitFor(() => expect(onEvents).toHaveBeenCalledOnce());
  });

  test('a handler that fails twice gets the batch again, and the dead-letter topic stays empty', async () => {
    const onEvents = vi.fn(async () => {});
    onEvents.mockRejectedValueOnce(new Error('database away')).mockRejectedValueOnce(new Error('still away'));
    await consumeEvents({ events, log, group: 'g', source: { topic }, types: ['order.cancelled'], onEvents });
    await publish(cancelled('a'));
    await vi.waitFor(() => expect(onEvents).toHaveBeenCalledTimes(3), { timeout: 5_000 });
    expect(await deadLetters()).toEqual([]);
  });

  test('a failing handler leaves the dead letter of its batch once', async () => {
    const onEvents = vi.fn(async () => {});
    onEvents.mockRejectedValueOnce(new Error('database away'));
    await consumeEvents({ events, log, group: 'g', source: { topic }, types: ['order.cancelled'], onEvents });
    await publish('poison', cancelled('a'));
    await vi.waitFor(() => expect(onEvents).toHaveBeenCalledTimes(2), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await deadLetters()).toHaveLength(1));
    expect(await deadLetters()).toHaveLength(0);
  });

  test('a broadcast consumer leaves the dead letters to the group', async () => {
    const onEvents = vi.fn(async () => {});
    const group = { broadcast: 'g' };
    await consumeEvents({ events, log, group, source: { topic }, types: ['order.cancelled'], onEvents });
    await publish('poison', cancelled('a'));
    await vi.waitFor(() => expect(onEvents).toHaveBeenCalledOnce());
    await new Promise((resolve) => setImmediate(resolve));
    expect(await deadLetters()).toEqual([]);
  });
});

describe('contracts/events', () => {
  const types = Object.values(topics).flatMap((declaration) => declaration.types);

  test.each(types)('the example of %s is decoded', async (type) => {
    const { decodeEvent } = await import('./decode-event.ts');
    const file = new URL(`../../../../contracts/events/${type}.v1.example.json`, import.meta.url);
    const data: unknown = JSON.parse(await readFile(file, 'utf8'));
    const value = cancelled('a', { type, data });
    expect(decodeEvent({ value }, [type])).toMatchObject({ kind: 'event', event: { type, data } });
  });
});
