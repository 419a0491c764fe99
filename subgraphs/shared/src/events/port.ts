/**
 * The events port: partitioned, ordered, durable topics with consumer groups, in the terms of Kafka.
 * Delivery is at least once and in order per partition (so per key); consumers recognise duplicates.
 */

/** A record to publish. Records of one key keep their order, in one partition. */
export interface EventRecord {
  key: string;
  value: string;
  headers?: Record<string, string>;
}

/** A record as it is delivered. A value that is not UTF-8 text arrives with replacement characters. */
export interface DeliveredRecord {
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
  /** Position in the partition: grows, with gaps at most, and is never given twice. */
  offset: number;
  timestampMs: number;
}

/** A record that lies in a topic, and where. */
export interface StoredRecord extends DeliveredRecord {
  topic: string;
  partition: number;
}

/** Consecutive records of one partition, oldest first; never empty, never more than `maxBatch`. */
export interface Batch {
  topic: string;
  partition: number;
  records: DeliveredRecord[];
  /** Aborted when the partition was taken away or the process is stopping: finishing the batch is harmless. */
  signal: AbortSignal;
}

/**
 * Resolves: the batch is done and its offsets are committed. Rejects: the batch is delivered again after a pause;
 * so a handler that gives up when its signal is aborted must reject. Other partitions go on meanwhile.
 */
export type OnBatch = (batch: Batch) => Promise<void>;

export interface SubscribeOptions {
  /**
   * Members of one group share the partitions. A group without a committed offset starts at the beginning.
   * `broadcast` instead: this process alone gets every record published from now on, nothing is committed.
   */
  group: string | { broadcast: string };
  topics: string[];
  /** At most this many records a batch; 200 by default. */
  maxBatch?: number;
}

export interface Subscription {
  /** True once the consumer has its partitions (or knows that it has none). */
  isReady(): boolean;
  /** Finishes the running batch, commits it and leaves the group. Idempotent. */
  stop(): Promise<void>;
}

export interface TopicDeclaration {
  topic: string;
  partitions: number;
  /** How long its records are kept; unless given, the broker decides (7 days by its default). */
  retentionMs?: number;
}

/** The shop's connection to its topics. */
export interface Events {
  /** Creates what is missing; a topic that is there is left as it is. */
  createTopics(topics: TopicDeclaration[]): Promise<void>;
  /**
   * Resolves when every record is stored by all in-sync replicas, in the order given per key; rejects with
   * UnavailableError, and then any part of the records may have been stored.
   */
  publish(topic: string, records: EventRecord[]): Promise<void>;
  /** Resolves when the subscription is registered; `isReady` tells when records flow. */
  subscribe(options: SubscribeOptions, onBatch: OnBatch): Promise<Subscription>;
  /**
   * What the topics hold when the reading begins, each partition from its oldest record to its newest; then it ends.
   * It keeps no position and disturbs no group. Throws UnavailableError, also when nothing comes for 30 s.
   */
  readAll(topics: string[]): AsyncIterable<StoredRecord>;
  /**
   * Names the log that offsets count in: 1 to 32 of [A-Za-z0-9_-], the same for as long as its data lives. Offsets of
   * logs with different names are not comparable. Rejects with UnavailableError.
   */
  logId(): Promise<string>;
  /** Resolves when the brokers answer; rejects with UnavailableError. */
  ping(): Promise<void>;
  /** Stops every subscription, flushes, disconnects. Idempotent. */
  close(): Promise<void>;
}
