import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { adapters } from '../../test/events-adapters.ts';
import type { Batch, DeliveredRecord, Events, SubscribeOptions, Subscription } from './port.ts';

/** A rebalance takes a heartbeat's interval on a real group, and the machine may be busy. */
const patient = { timeout: 25_000, interval: 10 };

const topic = 'things.v1';
const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);

describe.each(adapters)('events: $name', ({ open, isDurable, cleanUp }) => {
  const opened: Events[] = [];
  let stores = 0;

  async function openStore(store = `s${++stores}`): Promise<Events> {
    const events = await open(store);
    opened.push(events);
    await events.createTopics([{ topic, partitions: 3 }]);
    return events;
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((events) => events.close()));
  }, 60_000);
  afterAll(cleanUp);

  /** Subscribes and remembers every record that was accepted, with its partition. */
  async function collect(events: Events, group: SubscribeOptions['group'], maxBatch = 50) {
    const records: (DeliveredRecord & { partition: number })[] = [];
    const subscription = await events.subscribe({ group, topics: [topic], maxBatch }, async (batch) => {
      records.push(...batch.records.map((record) => ({ ...record, partition: batch.partition })));
    });
    return { records, subscription, values: () => records.map((record) => record.value).sort() };
  }

  const ready = (...subscriptions: Subscription[]) =>
    vi.waitFor(() => expect(subscriptions.every((each) => each.isReady())).toBe(true), patient);

  const publish = (events: Events, ...values: string[]) =>
    events.publish(
      topic,
      values.map((value) => ({ key: value.split(':')[0]!, value })),
    );

  /** A key for each of the three partitions. */
  async function keyPerPartition(events: Events): Promise<string[]> {
    const { records, subscription } = await collect(events, 'probe');
    await publish(events, ...keys);
    await vi.waitFor(() => expect(records).toHaveLength(keys.length), patient);
    await subscription.stop();
    return [0, 1, 2].map((partition) => records.find((record) => record.partition === partition)!.value!);
  }

  test('keeps the order of each key, spreads keys over partitions, counts offsets up', async () => {
    const events = await openStore();
    const { records } = await collect(events, 'g');
    for (let round = 0; round < 4; round++) {
      await Promise.all(keys.map((key) => publish(events, `${key}:${round}a`, `${key}:${round}b`)));
    }
    await vi.waitFor(() => expect(records).toHaveLength(keys.length * 8), patient);
    for (const key of keys) {
      const own = records.filter((record) => record.key === key);
      expect(own.map((record) => record.value)).toEqual(own.map((record) => record.value).sort());
      expect(new Set(own.map((record) => record.partition)).size).toBe(1);
    }
    for (const partition of [0, 1, 2]) {
      const offsets = records
        .filter((record) => record.partition === partition)
        .map((record) => record.offset);
      expect(offsets.length).toBeGreaterThan(8);
      expect(offsets).toEqual(offsets.map((_, index) => index));
    }
  });

  test('delivers keys, values, headers and times as they were', async () => {
    const events = await openStore();
    const { records } = await collect(events, 'g');
    const beforeMs = Date.now();
    await events.publish(topic, [{ key: 'käse', value: '', headers: { cause: 'naïve ✓' } }]);
    await vi.waitFor(() => expect(records).toHaveLength(1), patient);
    expect(records[0]).toMatchObject({ key: 'käse', value: '', headers: { cause: 'naïve ✓' }, offset: 0 });
    expect(Math.abs(records[0]!.timestampMs - beforeMs)).toBeLessThan(60_000);
  });

  test('a new group begins at the beginning, whatever other groups have read', async () => {
    const events = await openStore();
    await publish(events, 'a:1', 'b:1');
    const first = await collect(events, 'first');
    await vi.waitFor(() => expect(first.values()).toEqual(['a:1', 'b:1']), patient);
    const second = await collect(events, 'second');
    await publish(events, 'c:1');
    await vi.waitFor(() => expect(first.values()).toEqual(['a:1', 'b:1', 'c:1']), patient);
    await vi.waitFor(() => expect(second.values()).toEqual(['a:1', 'b:1', 'c:1']), patient);
  });

  test('the members of a group share the partitions, and who stays takes over', async () => {
    const events = await openStore();
    const one = await collect(events, 'g');
    const two = await collect(events, 'g');
    const all = () => [...new Set([...one.values(), ...two.values()])].sort();
    await ready(one.subscription, two.subscription);
    // Until the group has settled, one member may still have everything.
    await vi.waitFor(async () => {
      await publish(events, ...keys);
      await sleep(50);
      expect(two.records.length).toBeGreaterThan(0);
    }, patient);
    await publish(events, ...keys.map((key) => `${key}:shared`));
    await vi.waitFor(
      () => expect(all().filter((value) => value?.endsWith('shared'))).toHaveLength(30),
      patient,
    );
    expect(one.records.filter((record) => record.value?.endsWith('shared')).length).toBeLessThan(30);
    expect(two.records.filter((record) => record.value?.endsWith('shared')).length).toBeLessThan(30);

    await one.subscription.stop();
    await publish(events, ...keys.map((key) => `${key}:alone`));
    await vi.waitFor(() => {
      expect(two.values().filter((value) => value?.endsWith('alone'))).toHaveLength(30);
    }, patient);
    expect(one.values().filter((value) => value?.endsWith('alone'))).toHaveLength(0);
  });

  test('a rejected batch comes again, in order, and the other partitions go on meanwhile', async () => {
    const events = await openStore();
    const [bad, good] = await keyPerPartition(events);
    const seen: (string | null)[] = [];
    let failures = 0;
    await events.subscribe({ group: 'g', topics: [topic], maxBatch: 50 }, async ({ records }) => {
      const isGoodSeen = seen.includes(`${good}:2`);
      if (!isGoodSeen && records.some((record) => record.key === bad)) {
        failures++;
        throw new Error('database away');
      }
      seen.push(...records.map((record) => record.value));
    });
    await publish(events, `${bad}:1`);
    await vi.waitFor(() => expect(failures).toBeGreaterThan(1), patient);
    await publish(events, `${bad}:2`, `${good}:1`);
    await vi.waitFor(() => expect(seen).toContain(`${good}:1`), patient);
    await publish(events, `${good}:2`);
    await vi.waitFor(() => expect(seen).toContain(`${bad}:2`), patient);
    expect(seen.filter((value) => value?.startsWith(`${bad}:`))).toEqual([`${bad}:1`, `${bad}:2`]);
  });

  test('a handler that takes long holds up its own partition only', async () => {
    const events = await openStore();
    const [slow, quick] = await keyPerPartition(events);
    const seen: (string | null)[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await events.subscribe({ group: 'g', topics: [topic], maxBatch: 50 }, async ({ records }) => {
      if (records.some((record) => record.value === `${slow}:1`)) await released;
      seen.push(...records.map((record) => record.value));
    });
    await publish(events, `${slow}:1`);
    for (let round = 0; round < 3; round++) {
      await publish(events, `${quick}:${round}`, `${slow}:later${round}`);
      await vi.waitFor(() => expect(seen).toContain(`${quick}:${round}`), patient);
    }
    expect(seen).not.toContain(`${slow}:later0`);
    release();
    await vi.waitFor(() => expect(seen).toContain(`${slow}:later2`), patient);
    const own = seen.filter((value) => value?.startsWith(`${slow}:`));
    expect(own).toEqual([`${slow}:1`, `${slow}:later0`, `${slow}:later1`, `${slow}:later2`]);
  });

  test('a batch is consecutive records of one partition, never more than maxBatch', async () => {
    const events = await openStore();
    await publish(events, ...keys, ...keys, ...keys);
    const batches: Batch[] = [];
    await events.subscribe({ group: 'g', topics: [topic], maxBatch: 7 }, async (batch) => {
      batches.push(batch);
    });
    await vi.waitFor(() => expect(batches.flatMap((batch) => batch.records)).toHaveLength(90), patient);
    for (const { records, topic: name } of batches) {
      expect(name).toBe(topic);
      expect(records.length).toBeLessThanOrEqual(7);
      expect(records.map((record) => record.offset)).toEqual(
        records.map((_, index) => records[0]!.offset + index),
      );
    }
    expect(Math.max(...batches.map((batch) => batch.records.length))).toBe(7);
  });

  test('a broadcast gets what is published from now on, all of it, in every process', async () => {
    const events = await openStore();
    await publish(events, ...keys);
    const one = await collect(events, { broadcast: 'b' });
    const two = await collect(events, { broadcast: 'b' });
    await ready(one.subscription, two.subscription);
    const fresh = keys.map((key) => `${key}:new`);
    await publish(events, ...fresh);
    await vi.waitFor(() => expect(one.values()).toEqual(fresh.sort()), patient);
    await vi.waitFor(() => expect(two.values()).toEqual(fresh.sort()), patient);
  });

  test('refuses a topic that nobody created', async () => {
    const events = await openStore();
    await expect(events.publish('nope', [{ key: 'a', value: 'b' }])).rejects.toThrow(/Unknown topic "nope"/);
    const subscribing = events.subscribe({ group: 'g', topics: [topic, 'nope'] }, async () => {});
    await expect(subscribing).rejects.toThrow(/Unknown topic "nope"/);
  });

  test('createTopics leaves what is there as it is, and may be called at the same time', async () => {
    const events = await openStore();
    await publish(events, ...keys);
    await Promise.all([
      events.createTopics([
        { topic, partitions: 5 },
        { topic: 'new.v1', partitions: 2 },
      ]),
      events.createTopics([
        { topic: 'new.v1', partitions: 2 },
        { topic: 'newer.v1', partitions: 1 },
      ]),
    ]);
    await events.publish('newer.v1', [{ key: 'a', value: 'b' }]);
    const { records } = await collect(events, 'g');
    await vi.waitFor(() => expect(records).toHaveLength(30), patient);
    expect(new Set(records.map((record) => record.partition)).size).toBe(3);
  });

  test('stop finishes and commits the batch that runs; a handler that gives up on the signal gets it again', async () => {
    const events = await openStore();
    const [finishing, givingUp] = await keyPerPartition(events);
    const started: string[] = [];
    const subscription = await events.subscribe(
      { group: 'g', topics: [topic], maxBatch: 100 },
      async (batch) => {
        const value = batch.records.at(-1)!.value!;
        if (!value.endsWith(':last')) return;
        started.push(value);
        await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
        if (value.startsWith(`${givingUp}:`)) throw new Error('stopped');
        await sleep(50);
      },
    );
    await publish(events, `${finishing}:last`, `${givingUp}:last`);
    await vi.waitFor(() => expect(started).toHaveLength(2), patient);
    await subscription.stop();
    await subscription.stop();
    expect(subscription.isReady()).toBe(false);

    const next = await collect(events, 'g');
    await vi.waitFor(() => expect(next.values()).toContain(`${givingUp}:last`), patient);
    expect(next.values()).not.toContain(`${finishing}:last`);
  });

  test('answers pings until it is closed; closing twice is fine', async () => {
    const events = await openStore();
    await events.ping();
    await events.close();
    await events.close();
    await expect(events.publish(topic, [{ key: 'a', value: 'b' }])).rejects.toThrow();
  });

  test('the log has a name that fits into a field name, and another store has another', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const name = await one.logId();
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,32}$/);
    expect(await one.logId()).toBe(name);
    expect(await other.logId()).not.toBe(name);
  });

  if (isDurable) {
    test('records and committed offsets outlive the process that wrote them', async () => {
      const events = await openStore('durable');
      const name = await events.logId();
      const first = await collect(events, 'g');
      await publish(events, ...keys);
      await vi.waitFor(() => expect(first.records).toHaveLength(30), patient);
      await events.close();

      const later = await openStore('durable');
      expect(await later.logId()).toBe(name);
      await publish(later, 'late');
      const same = await collect(later, 'g');
      const other = await collect(later, 'other');
      await vi.waitFor(() => expect(other.values()).toEqual([...keys, 'late'].sort()), patient);
      await vi.waitFor(() => expect(same.values()).toEqual(['late']), patient);
      expect(same.records[0]!.offset).toBeGreaterThan(0);
    });
  }
});
