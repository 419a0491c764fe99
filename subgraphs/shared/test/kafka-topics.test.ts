import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKafkaEvents } from '../src/events/open-kafka-events.ts';
import type { Batch, Events } from '../src/events/port.ts';
import { kafkaTopics } from './kafka-topics.ts';
import { kafkaBrokers, mongodbUri } from './real-servers.ts';
import { removeRealData } from './remove-real-data.ts';

const brokers = kafkaBrokers?.split(',') ?? [];
const topicPrefix = `raw-${randomUUID().slice(0, 8)}-`;
const topics = kafkaTopics({ brokers, topicPrefix });
const log = pino({ level: 'silent' });

describe.runIf(kafkaBrokers && mongodbUri)('raw access to topics', () => {
  let events: Events;
  beforeAll(async () => {
    const onFatal = (error: Error) => {
      throw error;
    };
    events = openKafkaEvents({ brokers, topicPrefix, clientId: 'test', log, onFatal });
  });
  afterAll(async () => {
    await events.close();
    await removeRealData({ mongodbUri: mongodbUri!, brokers, prefix: topicPrefix });
  });

  it('reads what lies there, empty or odd, and publishes it again', { timeout: 60_000 }, async () => {
    await events.createTopics([{ topic: 'a', partitions: 2 }]);
    expect(await topics.read('a')).toEqual([]);
    await topics.publish('a', [
      { key: 'k', value: 'first', headers: { cause: 'none' }, partition: 1 },
      { key: null, value: 'without a key', partition: 0 },
      { key: 'k', value: null, partition: 1 },
    ]);
    const once = await topics.read('a');
    const lies = { topic: 'a', timestampMs: expect.any(Number) };
    expect(once).toEqual([
      { ...lies, partition: 0, offset: 0, key: null, value: 'without a key', headers: {} },
      { ...lies, partition: 1, offset: 0, key: 'k', value: 'first', headers: { cause: 'none' } },
      { ...lies, partition: 1, offset: 1, key: 'k', value: null, headers: {} },
    ]);
    expect(await topics.publishAgain('a', 9)).toBe(3);
    const twice = await topics.read('a');
    const ofTheKey = twice.filter(({ partition }) => partition === 1).map(({ value }) => value);
    expect(ofTheKey).toEqual(['first', null, 'first', null]);
    expect(await topics.publishAgain('a', 9)).toBe(3);
    expect(await topics.publishAgain('a', 1)).toBe(1);
  });

  it('makes a group that is away begin again', { timeout: 60_000 }, async () => {
    await events.createTopics([{ topic: 'b', partitions: 1 }]);
    await topics.publish('b', [{ key: 'k', value: 'once' }]);
    const seen: (string | null)[] = [];
    const onBatch = async (batch: Batch) => void seen.push(...batch.records.map(({ value }) => value));
    const first = await events.subscribe({ group: 'g', topics: ['b'] }, onBatch);
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(1);
    await expect(topics.rewind('b', 'g')).rejects.toThrow();
    await first.stop();
    await topics.rewind('b', 'g');
    const second = await events.subscribe({ group: 'g', topics: ['b'] }, onBatch);
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(2);
    await second.stop();
    expect(seen).toEqual(['once', 'once']);
  });
});
