import { type Admin, Kafka, logLevel, type Message } from 'kafkajs';
import { openKafkaEvents } from '../src/events/open-kafka-events.ts';
import type { StoredRecord } from '../src/events/port.ts';
import { silentLog } from '../src/process/log.ts';

/** A record as a test publishes it, sound or not; without `partition` its key decides. */
export interface RawRecord {
  key: string | null;
  value: string | null;
  headers?: Record<string, string>;
  partition?: number;
}

/** Raw access to the topics and groups of one shop, under their names without the prefix. */
export interface KafkaTopics {
  /** All records from the beginning to where the topic ends now, in order per partition. */
  read(topic: string): Promise<StoredRecord[]>;
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

/** Records in one request to the broker. */
const publishAtOnce = 500;

/** Each call opens a client of its own and closes it: nothing is left to be closed. */
export function kafkaTopics(options: { brokers: string[]; topicPrefix: string }): KafkaTopics {
  const kafka = new Kafka({ clientId: 'kafka-topics', brokers: options.brokers, logLevel: logLevel.NOTHING });
  const prefixed = (name: string) => `${options.topicPrefix}${name}`;
  const topics: KafkaTopics = {
    read: (topic) => readAll(topic, options),
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

async function readAll(
  topic: string,
  options: { brokers: string[]; topicPrefix: string },
): Promise<StoredRecord[]> {
  const events = await openKafkaEvents({
    ...options,
    clientId: 'kafka-topics',
    log: silentLog,
    onFatal: () => undefined,
  });
  try {
    const records: StoredRecord[] = [];
    for await (const record of events.readAll([topic])) records.push(record);
    return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  } finally {
    await events.close();
  }
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
