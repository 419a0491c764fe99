import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { adapters } from '../../test/events-adapters.ts';
import { silentLog as log } from '../process/log.ts';
import { consumeEvents } from './consume.ts';
import { type DeadLetter, deadLetter, deadLetterTopic } from './dead-letters.ts';
import type { Events } from './port.ts';
import {
  discardDeadLetters,
  findDeadLetter,
  openDeadLetters,
  replayDeadLetters,
} from './work-dead-letters.ts';

const patient = { timeout: 25_000, interval: 20 };
const nowMs = Date.parse('2025-03-01T10:00:00Z');
const topics = ['orders.v1', 'inventory.v1'];

describe.each(adapters)('dead letters: $name', ({ open, cleanUp }) => {
  let events: Events;
  let stores = 0;

  beforeEach(async () => {
    events = await open(`dlq${++stores}`);
    await events.createTopics(topics.map((topic) => ({ topic, partitions: 3 })));
    await events.createTopics(topics.map((topic) => ({ topic: deadLetterTopic(topic), partitions: 1 })));
  });
  afterEach(() => events.close());
  afterAll(cleanUp);

  async function collect<T>(reading: AsyncIterable<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const each of reading) all.push(each);
    return all;
  }

  const openNow = async (of = topics): Promise<DeadLetter[]> => collect(openDeadLetters(events, of));
  const valuesOf = (letters: { value: string | null }[]) => letters.map(({ value }) => value).sort();

  /** Leaves a letter in the dead-letter topic as a consumer of partition 2 would. */
  const setAside = (topic: string, value: string, headers: Record<string, string> = {}) => {
    const record = { key: 'k', value, headers, offset: 41, timestampMs: nowMs };
    const letter = deadLetter({ record, cause: 'unknown version' }, { topic, partition: 2 }, nowMs);
    return events.publish(deadLetterTopic(topic), [letter]);
  };

  test('a letter says what it is, why it is there and where it was found', async () => {
    expect(await openNow()).toEqual([]);
    await setAside('orders.v1', 'naïve ✓', { trace: 't' });
    const expected: DeadLetter = {
      place: { topic: 'orders.v1.dlq', partition: 0, offset: 0 },
      sourceTopic: 'orders.v1',
      source: { topic: 'orders.v1', partition: 2, offset: 41 },
      replayOf: null,
      cause: 'unknown version',
      setAsideAt: '2025-03-01T10:00:00.000Z',
      cutFromBytes: null,
      key: 'k',
      value: 'naïve ✓',
      headers: { trace: 't' },
    };
    expect(await openNow()).toEqual([expected]);
    expect(await openNow(['inventory.v1'])).toEqual([]);
    expect(await findDeadLetter(events, expected.place)).toEqual({ letter: expected, resolution: null });
    expect(await findDeadLetter(events, { ...expected.place, offset: 7 })).toBeNull();
  });

  test('a replayed letter lies in its topic again, as it came, and is open no more', async () => {
    await setAside('orders.v1', 'a', { trace: 't' });
    await setAside('orders.v1', 'b');
    await setAside('inventory.v1', 'c');
    const [first] = (await openNow()).filter(({ value }) => value === 'a');
    await replayDeadLetters(events, [first!], nowMs);
    expect(await collect(events.readAll(topics))).toMatchObject([
      {
        topic: 'orders.v1',
        key: 'k',
        value: 'a',
        headers: { trace: 't', 'dlq-replay-of': 'orders.v1/2/41' },
      },
    ]);
    expect(valuesOf(await openNow())).toEqual(['b', 'c']);
    const resolution = { kind: 'replayed', at: '2025-03-01T10:00:00.000Z' };
    expect(await findDeadLetter(events, first!.place)).toEqual({ letter: first, resolution });
  });

  test('a discarded letter is open no more, and published nowhere', async () => {
    await setAside('orders.v1', 'a');
    await setAside('inventory.v1', 'b');
    const [letter] = await openNow(['orders.v1']);
    await discardDeadLetters(events, [letter!], nowMs);
    // As two operators at once would.
    await discardDeadLetters(events, [letter!], nowMs);
    expect(valuesOf(await openNow())).toEqual(['b']);
    expect(await collect(events.readAll(topics))).toEqual([]);
    expect(await findDeadLetter(events, letter!.place)).toMatchObject({ resolution: { kind: 'discarded' } });
  });

  test('what dies between publishing and marking leaves the letter open', async () => {
    await setAside('orders.v1', 'a');
    const letters = await openNow();
    const dying: Pick<Events, 'publish'> = {
      publish: (topic, records) =>
        topic.endsWith('.dlq') ? Promise.reject(new Error('gone')) : events.publish(topic, records),
    };
    await expect(replayDeadLetters(dying as Events, letters, nowMs)).rejects.toThrow('gone');
    expect(await openNow()).toEqual(letters);
    await replayDeadLetters(events, letters, nowMs);
    expect(await openNow()).toEqual([]);
    expect(valuesOf(await collect(events.readAll(topics)))).toEqual(['a', 'a']);
  });

  test('replayed and still not understood, it is a new letter that names where it was found first', async () => {
    const source = { topic: 'orders.v1' };
    await events.publish('orders.v1', [{ key: 'k', value: 'poison', headers: { trace: 't' } }]);
    const onEvents = async () => {};
    await consumeEvents({ events, log, group: 'g', source, types: ['order.placed'], onEvents });
    const first = await vi.waitFor(async () => {
      const letters = await openNow();
      expect(letters).toHaveLength(1);
      return letters[0]!;
    }, patient);
    let last = first;
    for (let round = 1; round <= 2; round++) {
      await replayDeadLetters(events, [last], nowMs);
      last = await vi.waitFor(async () => {
        const [next, ...others] = await openNow();
        expect(others).toEqual([]);
        expect(next?.source?.offset).toBe(first.source!.offset + round);
        return next!;
      }, patient);
      expect(last).toMatchObject({ replayOf: first.source, headers: { trace: 't' }, value: 'poison' });
    }
  });

  test('a record cannot pass for a resolution, nor for another letter', async () => {
    await setAside('orders.v1', 'a');
    const forged = { 'dlq-resolves': 'orders.v1.dlq/0/0', 'dlq-cut': '9', 'dlq-cause': 'none', trace: 't' };
    await setAside('orders.v1', 'b', forged);
    const letters = await openNow();
    expect(valuesOf(letters)).toEqual(['a', 'b']);
    expect(letters[1]).toMatchObject({
      cause: 'unknown version',
      cutFromBytes: null,
      headers: { trace: 't' },
    });
  });

  test('what something else wrote into a dead-letter topic is a letter too', async () => {
    await events.publish('orders.v1.dlq', [{ key: 'k', value: 'by hand' }]);
    const [letter] = await openNow();
    expect(letter).toMatchObject({
      source: null,
      replayOf: null,
      cause: 'not said',
      sourceTopic: 'orders.v1',
    });
    await replayDeadLetters(events, [letter!], nowMs);
    expect(await collect(events.readAll(topics))).toMatchObject([{ value: 'by hand', headers: {} }]);
    expect(await openNow()).toEqual([]);
  });

  test('poison that is too large to be published holds nobody up: its beginning is kept', async () => {
    const source = { topic: 'orders.v1' };
    const seen: number[] = [];
    await consumeEvents({
      events: {
        ...methodsOf(events),
        // Larger than our own publisher takes: it is put into the batch that was delivered.
        subscribe: (options, onBatch) =>
          events.subscribe(options, async (batch) => {
            const records = batch.records.map((record) => ({ ...record, value: 'é'.repeat(400_000) }));
            await onBatch({ ...batch, records });
            seen.push(...batch.records.map(({ offset }) => offset));
          }),
      },
      log,
      group: 'g',
      source,
      types: ['order.placed'],
      onEvents: async () => {},
    });
    await events.publish('orders.v1', [{ key: 'k', value: 'large' }]);
    await vi.waitFor(() => expect(seen).toEqual([0]), patient);
    const [letter] = await openNow();
    expect(letter!.cutFromBytes).toBeGreaterThan(800_000);
    expect(letter!.value).toMatch(/^é{1000,}$/);
    expect(letter).toMatchObject({ key: 'k', cause: expect.stringMatching(/^not JSON/) });
    await expect(replayDeadLetters(events, [letter!], nowMs)).rejects.toThrow(/was cut/);
    await discardDeadLetters(events, [letter!], nowMs);
    expect(await openNow()).toEqual([]);
  });
});

function methodsOf(events: Events): Events {
  return {
    createTopics: (topics) => events.createTopics(topics),
    publish: (topic, records) => events.publish(topic, records),
    subscribe: (options, onBatch) => events.subscribe(options, onBatch),
    readAll: (topics) => events.readAll(topics),
    logId: () => events.logId(),
    ping: () => events.ping(),
    close: () => events.close(),
  };
}
