import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { withDeadline } from '../deadline.ts';
import type { TopicDeclaration } from '../port.ts';

const pingWithinMs = 3_000;
const lookUpWithinMs = 10_000;
const createWithinMs = 30_000;
const leaderPollMs = 100;
/** Copies of each record, where the cluster has so many brokers; with three, two must have it before it counts. */
const maxReplicas = 3;

/** What the brokers are asked besides records. Topic names are those on the brokers. */
export class KafkaAdmin {
  #kafka: Kafka;
  #admin: Promise<Admin> | null = null;
  #ping: Promise<void> | null = null;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Resolves when a broker answers; rejects with UnavailableError. */
  ping(): Promise<void> {
    this.#ping ??= this.#ask(pingWithinMs, 'Kafka', async (admin) => {
      await admin.describeCluster();
    }).finally(() => {
      this.#ping = null;
    });
    return this.#ping;
  }

  /** Creates what is missing, also while other processes do the same; resolves when every partition has a leader. */
  createTopics(topics: TopicDeclaration[]): Promise<void> {
    return this.#ask(createWithinMs, 'creating topics', async (admin) => {
      const present = new Set(await admin.listTopics());
      const missing = topics.filter(({ topic }) => !present.has(topic));
      if (missing.length === 0) return;
      const { brokers } = await admin.describeCluster();
      const replicationFactor = Math.min(maxReplicas, brokers.length);
      const inSync = { name: 'min.insync.replicas', value: replicationFactor >= 3 ? '2' : '1' };
      // One by one: kafkajs tells of "already exists" only when it holds for all.
      for (const { topic, partitions: numPartitions, retentionMs } of missing) {
        const kept = retentionMs === undefined ? [] : [{ name: 'retention.ms', value: `${retentionMs}` }];
        const configEntries = [inSync, ...kept];
        const declaration = { topic, numPartitions, replicationFactor, configEntries };
        await admin.createTopics({ topics: [declaration], waitForLeaders: true });
      }
      await waitForLeaders(admin, missing);
    });
  }

  /** Throws a plain error for a topic that nobody created. */
  async requireTopic(topic: string, nameToShow: string): Promise<void> {
    const isThere = await this.#ask(lookUpWithinMs, 'looking up topics', async (admin) => {
      return (await admin.listTopics()).includes(topic);
    });
    if (!isThere) throw new Error(`Unknown topic "${nameToShow}": create it with createTopics first`);
  }

  /** What the cluster calls itself; given to it when it was formatted. */
  clusterId(): Promise<string> {
    return this.#ask(lookUpWithinMs, 'looking up the cluster', async (admin) => {
      return (await admin.describeCluster()).clusterId;
    });
  }

  /** The offset of each partition's oldest record, and the one that its next record gets. */
  offsets(topic: string): Promise<{ partition: number; low: string; high: string }[]> {
    return this.#ask(lookUpWithinMs, 'looking up offsets', (admin) => admin.fetchTopicOffsets(topic));
  }

  async close(): Promise<void> {
    await this.#discard();
  }

  async #ask<T>(withinMs: number, what: string, ask: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#connect();
    const answer = this.#admin.then(ask);
    try {
      return await withDeadline(answer, withinMs, what);
    } catch (error) {
      // A client that has lost its brokers may not find them again: the next question gets a new one.
      void this.#discard();
      throw error;
    }
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }

  async #discard(): Promise<void> {
    const admin = this.#admin;
    this.#admin = null;
    await admin?.then((connected) => connected.disconnect()).catch(() => {});
  }
}

/** A topic that was just created, perhaps by another process, may not be known to every broker yet. */
async function waitForLeaders(admin: Admin, declarations: TopicDeclaration[]): Promise<void> {
  const topics = declarations.map(({ topic }) => topic);
  for (let tries = Math.floor(createWithinMs / leaderPollMs); tries > 0; tries--) {
    const metadata = await admin.fetchTopicMetadata({ topics }).catch(() => null);
    const partitions = metadata?.topics.flatMap((topic) => topic.partitions) ?? [];
    if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) return;
    await sleep(leaderPollMs);
  }
}
