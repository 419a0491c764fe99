import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openEmbeddedDocuments } from '../documents/embedded/open-embedded-documents.ts';
import type { Collection, Documents } from '../documents/port.ts';
import { UnavailableError } from '../unavailable.ts';
import { openEmbeddedEvents } from './open-embedded-events.ts';
import {
  createOutboxRelay,
  type OutboxDoc,
  type OutboxRelay,
  outboxEntry,
  outboxFields,
  outboxIndex,
  pushOutbox,
} from './outbox-relay.ts';
import type { Events } from './port.ts';

interface Order extends OutboxDoc {
  status: string;
}

const log = pino({ level: 'silent' });
const topic = 'orders.v1';
const at = new Date('2025-03-01T10:00:00Z');
let now = at;
let documents: Documents;
let events: Events;
let orders: Collection<Order>;
let relay: OutboxRelay;
let published: string[];

beforeEach(async () => {
  now = at;
  published = [];
  documents = openEmbeddedDocuments({ file: ':memory:' });
  events = openEmbeddedEvents({ file: ':memory:', log });
  await events.createTopics([{ topic, partitions: 2 }]);
  orders = documents.collection<Order>('orders');
  await orders.createIndexes([outboxIndex]);
  await events.subscribe({ group: 'test', topics: [topic] }, async ({ records }) => {
    published.push(...records.map(({ value }) => (JSON.parse(value ?? '') as { id: string }).id));
  });
  relay = createRelay();
});
afterEach(async () => {
  await relay.stop();
  await events.close();
  await documents.close();
});

function createRelay(change: { collection?: Collection<Order>; events?: Events } = {}): OutboxRelay {
  return createOutboxRelay({
    collection: orders,
    topic,
    source: '/orders',
    events,
    log,
    clock: () => now,
    ...change,
  });
}

const entry = (id: string, n: number) =>
  outboxEntry(`${id}:${n}`, 'order.cancelled', { orderId: id, at: at.toISOString() }, at);

const insert = (id: string) =>
  orders.insertOne({ _id: id, status: 'PENDING', ...outboxFields([entry(id, 1)], now) });

async function isDrained(): Promise<boolean> {
  const waiting = await orders.countDocuments({
    $or: [{ 'outbox.0': { $exists: true } }, { outboxAt: { $exists: true } }],
  });
  return waiting === 0;
}
const drained = () => vi.waitFor(async () => expect(await isDrained()).toBe(true), { timeout: 10_000 });

describe('createOutboxRelay', () => {
  test('a nudge publishes at once, a CloudEvent under the entry id; the document keeps nothing', async () => {
    const values: string[] = [];
    await events.subscribe({ group: 'values', topics: [topic] }, async ({ records }) => {
      values.push(...records.map((record) => `${record.key} ${record.value}`));
    });
    await insert('a');
    relay.nudge('a');
    await drained();
    expect(await orders.findOne({ _id: 'a' })).toEqual({ _id: 'a', status: 'PENDING', outbox: [] });
    await vi.waitFor(() => expect(values).toHaveLength(1));
    expect(values[0]).toMatch(
      /^a \{"specversion":"1.0","id":"a:1","source":"\/orders","type":"order.cancelled","subject":"a","time":"2025-03-01T10:00:00.000Z".*"dataschema":"urn:shop:order.cancelled:v1","data":\{"orderId":"a"/,
    );
  });

  test('nudges of one moment share a find, a publish and a bulkWrite', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `o${index}`);
    for (const id of ids) await insert(id);
    const find = vi.spyOn(orders, 'find');
    const publish = vi.spyOn(events, 'publish');
    const bulkWrite = vi.spyOn(orders, 'bulkWrite');
    for (const id of ids) relay.nudge(id);
    await drained();
    expect([find, publish, bulkWrite].map((spy) => spy.mock.calls.length)).toEqual([1, 1, 1]);
    await vi.waitFor(() => expect(published.toSorted()).toEqual(ids.map((id) => `${id}:1`).toSorted()));
  });

  test('the entries of a document keep their order, also those that come while it publishes', async () => {
    await insert('a');
    relay.nudge('a');
    for (let n = 2; n <= 20; n++) {
      await orders.updateOne(
        { _id: 'a' },
        { $set: { status: `S${n}` }, ...pushOutbox([entry('a', n)], now) },
      );
      relay.nudge('a');
      await sleep(1);
    }
    await drained();
    await vi.waitFor(() =>
      expect(published).toEqual(Array.from({ length: 20 }, (_, index) => `a:${index + 1}`)),
    );
  });

  test('the sweep finds what no nudge published, the oldest first, once it has waited a while', async () => {
    for (const id of ['a', 'b', 'c']) {
      await insert(id);
      now = new Date(now.getTime() + 1_000);
    }
    now = new Date(at.getTime() + 3_000);
    const publish = vi.spyOn(events, 'publish');
    relay.start();
    await vi.waitFor(() => expect(publish).toHaveBeenCalled());
    expect(publish.mock.calls[0]?.[1].map((record) => record.key)).toEqual(['a', 'b']);
    now = new Date(at.getTime() + 4_000);
    await drained();
  });

  test('a crash between publishing and taking out publishes twice, and loses nothing', async () => {
    await insert('a');
    const crashing: Collection<Order> = Object.assign(Object.create(orders), {
      bulkWrite: () => new Promise(() => {}),
    });
    const first = createRelay({ collection: crashing });
    first.nudge('a');
    await vi.waitFor(() => expect(published).toEqual(['a:1']));
    await relay.flush();
    await vi.waitFor(() => expect(published).toEqual(['a:1', 'a:1']));
    expect(await isDrained()).toBe(true);
  });

  test('what comes in while others are published keeps its mark, though another relay took out the rest', async () => {
    await insert('a');
    await insert('b');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Events = Object.assign(Object.create(events), {
      publish: async (...args: Parameters<Events['publish']>) => {
        await held;
        return events.publish(...args);
      },
    });
    const late = createRelay({ events: slow });
    const flushed = late.flush();
    await sleep(20);
    await relay.flush();
    // As many entries as the slow relay has read, but others.
    await orders.updateOne({ _id: 'a' }, pushOutbox([entry('a', 2)], now));
    release();
    await flushed;
    expect((await orders.findOne({ _id: 'a' }))?.outbox.map(({ id }) => id)).toEqual(['a:2']);
    expect((await orders.findOne({ _id: 'a' }))?.outboxAt).toEqual(now);
    await late.stop();
    await relay.flush();
    expect(await isDrained()).toBe(true);
    expect(published).toContain('a:2');
  });

  test('a crash between taking out and unmarking is tidied up by the sweep', async () => {
    await orders.insertOne({ _id: 'a', status: 'PENDING', outbox: [], outboxAt: now });
    await relay.flush();
    expect(await isDrained()).toBe(true);
    expect(published).toEqual([]);
  });

  test('while the brokers are away nothing is lost, and it is logged once', async () => {
    const publish = vi.spyOn(events, 'publish').mockRejectedValue(new UnavailableError('brokers away'));
    const warn = vi.spyOn(log, 'warn');
    warn.mockClear();
    relay.start();
    await insert('a');
    relay.nudge('a');
    await vi.waitFor(() => expect(publish).toHaveBeenCalled());
    now = new Date(at.getTime() + 5_000);
    await vi.waitFor(() => expect(publish.mock.calls.length).toBeGreaterThan(2), { timeout: 10_000 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await isDrained()).toBe(false);
    publish.mockRestore();
    await drained();
    await vi.waitFor(() => expect(published).toEqual(['a:1']));
  });

  test('flush publishes what waits, in pages, without the sweep', async () => {
    for (let index = 0; index < 450; index++) await insert(`o${index}`);
    await relay.flush();
    expect(await isDrained()).toBe(true);
    await vi.waitFor(() => expect(new Set(published).size).toBe(450));
  });
});
