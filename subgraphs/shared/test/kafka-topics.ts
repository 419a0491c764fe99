import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, type Consumer, Kafka, type KafkaMessage, logLevel, type Message } from 'kafkajs';

/** A record as it lies in a topic. */
export interface TopicRecord {
  partition: number;
  offset: number;
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
}

/** A record as a test publishes it, sound or not; without `partition` its key decides. */
export interface RawRecord {
  key: string | null;
  value: string | null;
  headers?: Record<string, string>;
  partition?: number;
}

/** Raw access to the topics and groups of one shop, under their names without the prefix. */
export interface KafkaTopics {
  /** All records from the beginning to where the topic ends now, in order per partition; rejects after 60 s. */
  read(topic: string): Promise<TopicRecord[]>;
  publish(topic: string, records: RawRecord[]): Promise<void>;
  /**
   * Publishes once more what lies in the topic, each record to its partition, but of equal ones only one, and the
   * newest `atMost` alone; answers how many.
   */
  publishAgain(topic: string, atMost: number): Promise<number>;
  /** Sets the group's offsets to the beginning of the topic. Rejects while the group has members. */
  rewind(topic: string, group: string): Promise<void>;
  /** How many records of the topic the group has not committed. */
  lag(topic: string, group: string): Promise<number>;
}

const readWithinMs = 60_000;
/** What a test may ask for at once. */
const maxRecords = 1_000_000;
/** Records in one request to the broker. */
const publishAtOnce = 500;

/** Each call opens a client of its own and closes it: nothing is left to be closed. */
export function kafkaTopics(options: { brokers: string[]; topicPrefix: string }): KafkaTopics {
  const kafka = new Kafka({ clientId: 'kafka-topics', brokers: options.brokers, logLevel: logLevel.NOTHING });
  const prefixed = (name: string) => `${options.topicPrefix}${name}`;
  const topics: KafkaTopics = {
    read: (topic) => readAll(kafka, prefixed(topic)),
    publish: (topic, records) => publishAll(kafka, prefixed(topic), records),
    async publishAgain(topic, atMost) {
      const records = await topics.read(topic);
      const different = new Map(records.map((record) => [`${record.key} ${record.value}`, record]));
      const again = [...different.values()].sort((a, b) => a.offset - b.offset).slice(-atMost);
      await topics.publish(topic, again);
      return again.length;
    },
    rewind: (topic, group) =>
      withAdmin(kafka, (admin) =>
        admin.resetOffsets({ groupId: prefixed(group), topic: prefixed(topic), earliest: true }),
      ),
    lag: (topic, group) => withAdmin(kafka, (admin) => readLag(admin, prefixed(topic), prefixed(group))),
  };
  return topics;
}

async function readAll(kafka: Kafka, topic: string): Promise<TopicRecord[]> {
  const offsets = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const ends = new Map<number, number>();
  for (const { partition, low, high } of offsets) {
    if (Number(high) > Number(low)) ends.set(partition, Number(high));
  }
  const count = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  if (count > maxRecords) throw new Error(`${topic} has ${count} records: too many to read at once`);
  if (count === 0) return [];
  const groupId = `read-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  try {
    return await collect(consumer, topic, ends);
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}

/** Reads each partition up to its end; `ends` is emptied meanwhile. */
async function collect(consumer: Consumer, topic: string, ends: Map<number, number>): Promise<TopicRecord[]> {
  const records: TopicRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { partition, messages } }) => {
      const end = ends.get(partition);
      if (end === undefined) return;
      for (const message of messages) {
        if (Number(message.offset) < end) records.push(toRecord(partition, message));
      }
      if (Number(messages.at(-1)?.offset ?? -1) >= end - 1) ends.delete(partition);
      if (ends.size === 0) resolve();
    },
  });
  const late = new AbortController();
  const deadline = sleep(readWithinMs, undefined, { signal: late.signal }).then(
    () => reject(new Error(`${topic} could not be read within ${readWithinMs} ms`)),
    () => undefined,
  );
  try {
    await promise;
  } finally {
    late.abort();
    await deadline;
  }
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

async function publishAll(kafka: Kafka, topic: string, records: RawRecord[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false, idempotent: true });
  await producer.connect();
  try {
    for (let from = 0; from < records.length; from += publishAtOnce) {
      const messages = records.slice(from, from + publishAtOnce) as Message[];
      await producer.send({ topic, acks: -1, messages });
    }
  } finally {
    await producer.disconnect();
  }
}

async function readLag(admin: Admin, topic: string, groupId: string): Promise<number> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const offsets = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.reduce((sum, { partition, low, high }) => {
    // -1: nothing was committed yet.
    return sum + Number(high) - Math.max(offsets.get(partition) ?? -1, Number(low));
  }, 0);
}

async function withAdmin<Result>(kafka: Kafka, ask: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

function toRecord(partition: number, { key, value, headers, offset }: KafkaMessage): TopicRecord {
  const entries = Object.entries(headers ?? {}).map(([name, header]) => [name, String(header ?? '')]);
  return {
    partition,
    offset: Number(offset),
    key: key === null ? null : key.toString(),
    value: value === null ? null : value.toString(),
    headers: Object.fromEntries(entries),
  };
}
