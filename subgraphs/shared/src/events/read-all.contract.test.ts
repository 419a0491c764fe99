import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { adapters } from '../../test/events-adapters.ts';
import { UnavailableError } from '../unavailable.ts';
import type { Events, StoredRecord } from './port.ts';

const patient = { timeout: 25_000, interval: 10 };

const topic = 'things.v1';
const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`);

async function readToEnd(reading: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of reading) records.push(record);
  return records;
}

describe.each(adapters)('reading whole topics: $name', ({ open, cleanUp }) => {
  const opened: Events[] = [];
  let stores = 0;

  async function openStore(): Promise<Events> {
    const events = await open(`s${++stores}`);
    opened.push(events);
    await events.createTopics([{ topic, partitions: 3 }]);
    return events;
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((events) => events.close()));
  }, 60_000);
  afterAll(cleanUp);

  const publish = (events: Events, ...values: string[]) =>
    events.publish(
      topic,
      values.map((value) => ({ key: value.split(':')[0]!, value })),
    );

  test('reads all that topics hold, to the end of the moment, and disturbs nobody', async () => {
    const events = await openStore();
    await events.createTopics([
      { topic: 'more.v1', partitions: 1 },
      { topic: 'empty.v1', partitions: 2 },
    ]);
    const read = () => readToEnd(events.readAll([topic, 'more.v1', 'empty.v1']));
    expect(await read()).toEqual([]);
    const many = Array.from({ length: 15 }, (_, round) => keys.map((key) => `${key}:${round}`)).flat();
    await publish(events, ...many);
    await events.publish('more.v1', [{ key: 'k', value: 'v', headers: { cause: 'naïve ✓' } }]);

    const records = await read();
    expect(records).toHaveLength(many.length + 1);
    expect(records.filter((record) => record.topic === 'more.v1')).toEqual([
      {
        topic: 'more.v1',
        partition: 0,
        offset: 0,
        key: 'k',
        value: 'v',
        headers: { cause: 'naïve ✓' },
        timestampMs: expect.any(Number),
      },
    ]);
    for (const partition of [0, 1, 2]) {
      const own = records.filter((record) => record.topic === topic && record.partition === partition);
      expect(own.length).toBeGreaterThan(15);
      expect(own.map((record) => record.offset)).toEqual(own.map((_, index) => index));
    }
    const again = await read();
    expect(again).toHaveLength(records.length);
    expect(again).toEqual(expect.arrayContaining(records));
    let delivered = 0;
    await events.subscribe({ group: 'g', topics: [topic] }, async ({ records }) => {
      delivered += records.length;
    });
    await vi.waitFor(() => expect(delivered).toBe(many.length), patient);
  });

  test('what is published during a reading is for the next one; a reading may be left early', async () => {
    const events = await openStore();
    await publish(events, ...keys);
    const seen: (string | null)[] = [];
    for await (const { value } of events.readAll([topic])) {
      seen.push(value);
      if (seen.length <= 3) await publish(events, ...keys.map((key) => `${key}:new`));
    }
    expect(seen.sort()).toEqual([...keys].sort());
    for await (const { offset } of events.readAll([topic])) if (offset >= 0) break;
    expect(await readToEnd(events.readAll([topic]))).toHaveLength(4 * keys.length);
  });

  test('a reading of a topic that nobody created, or of a closed store, fails', async () => {
    const events = await openStore();
    const read = (name: string) => readToEnd(events.readAll([name]));
    await expect(read('nope')).rejects.toThrow(/Unknown topic "nope"/);
    await publish(events, ...keys);
    const reading = events.readAll([topic])[Symbol.asyncIterator]();
    await reading.next();
    await events.close();
    const rest = async () => {
      while (!(await reading.next()).done);
    };
    await expect(Promise.all([rest(), read(topic)])).rejects.toThrow(UnavailableError);
  });
});
