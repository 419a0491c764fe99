import { createHash, randomUUID } from 'node:crypto';
import type { Consumer } from 'kafkajs';
import type { Logger } from 'pino';
import { UnavailableError } from '../unavailable.ts';
import { withDeadline } from './deadline.ts';
import { defaultMaxBatch, rebalanceTimeoutMs } from './deliver.ts';
import { KafkaAdmin } from './kafka/kafka-admin.ts';
import { kafkaClient, kafkaRetry } from './kafka/kafka-client.ts';
import { KafkaPublisher } from './kafka/kafka-publisher.ts';
import { KafkaSender } from './kafka/kafka-sender.ts';
import { KafkaSubscription } from './kafka/kafka-subscription.ts';
import { type Range, readToEnd } from './kafka/read-to-end.ts';
import type {
  EventRecord,
  Events,
  OnBatch,
  StoredRecord,
  SubscribeOptions,
  Subscription,
  TopicDeclaration,
} from './port.ts';

const connectWithinMs = 15_000;
/** A member that is silent for so long is dead. */
const sessionTimeoutMs = 12_000;
/**
 * A consumer's: a broker holds a SyncGroup until the group's leader has dealt the partitions, or has been
 * silent for the session timeout. Who gave up earlier would only begin the next rebalance.
 */
const memberRequestTimeoutMs = sessionTimeoutMs + 3_000;

export interface KafkaEventsOptions {
  brokers: string[];
  /** Set before every topic and group on the brokers, never seen by callers. */
  topicPrefix: string;
  clientId: string;
  log: Logger;
  /** Told when a consumer has failed for good: the process must end. */
  onFatal: (error: Error) => void;
}

/** The real adapter of the events port. It connects when it is first used: `ping` tells whether a broker answers. */
export function openKafkaEvents(options: KafkaEventsOptions): Events {
  return new KafkaEvents(options);
}

class KafkaEvents implements Events {
  #options: KafkaEventsOptions;
  #admin: KafkaAdmin;
  #sender: KafkaSender;
  #publisher: KafkaPublisher;
  /** Whether each topic is there, looked up once: records of one topic wait for one answer, in order. */
  #topicChecks = new Map<string, Promise<void>>();
  #subscriptions = new Set<Subscription>();
  #readings = new AbortController();
  #closing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: KafkaEventsOptions) {
    this.#options = options;
    this.#admin = new KafkaAdmin(kafkaClient(options));
    this.#sender = new KafkaSender(kafkaClient(options));
    this.#publisher = new KafkaPublisher((topicMessages) => this.#sender.send(topicMessages));
  }

  async createTopics(topics: TopicDeclaration[]): Promise<void> {
    await this.#admin.createTopics(
      topics.map((declaration) => ({ ...declaration, topic: this.#prefixed(declaration.topic) })),
    );
  }

  async publish(topic: string, records: EventRecord[]): Promise<void> {
    this.#checkOpen();
    await this.#requireTopic(topic);
    await this.#publisher.publish(this.#prefixed(topic), records);
  }

  async subscribe(options: SubscribeOptions, onBatch: OnBatch): Promise<Subscription> {
    if (this.#closing) throw new UnavailableError('the connection to Kafka is closing');
    for (const topic of options.topics) await this.#requireTopic(topic);
    const group =
      typeof options.group === 'string' ? options.group : `${options.group.broadcast}-${randomUUID()}`;
    const consumer = this.#consumer(group);
    const topics = new Map(options.topics.map((topic) => [this.#prefixed(topic), topic]));
    const positions = typeof options.group === 'string' ? null : await this.#endPositions([...topics.keys()]);
    await this.#connect(consumer, { topics: [...topics.keys()], fromBeginning: positions === null });
    const { log, onFatal } = this.#options;
    const maxBatch = options.maxBatch ?? defaultMaxBatch;
    const subscription = new KafkaSubscription({
      consumer,
      group,
      topics,
      maxBatch,
      onBatch,
      positions,
      log,
      onFatal,
    });
    await subscription.start();
    return this.#remember(subscription);
  }

  async *readAll(topics: string[]): AsyncGenerator<StoredRecord> {
    this.#checkOpen();
    for (const topic of topics) await this.#requireTopic(topic);
    const names = new Map(topics.map((topic) => [this.#prefixed(topic), topic]));
    const ranges = await this.#filledRanges([...names.keys()]);
    if (ranges.size === 0) return;
    // A group of its own, since kafkajs reads in no other way; it commits nothing, so the brokers forget it.
    const consumer = this.#consumer(`read-${randomUUID()}`);
    await this.#connect(consumer, { topics: [...names.keys()], fromBeginning: true });
    yield* readToEnd({ consumer, names, ranges, signal: this.#readings.signal });
  }

  /** Topics of another prefix are other logs; a digest, since a prefix may be long or have dots. */
  async logId(): Promise<string> {
    const clusterId = await this.#admin.clusterId();
    const log = `${clusterId}/${this.#options.topicPrefix}`;
    return createHash('sha256').update(log).digest('hex').slice(0, 16);
  }

  async ping(): Promise<void> {
    this.#checkOpen();
    await this.#admin.ping();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#readings.abort();
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#publisher.close();
    this.#isClosed = true;
    await Promise.all([this.#sender.close(), this.#admin.close()]);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new UnavailableError('the connection to Kafka is closed');
  }

  #remember(subscription: Subscription): Subscription {
    const remembered: Subscription = {
      isReady: () => subscription.isReady(),
      stop: async () => {
        await subscription.stop();
        this.#subscriptions.delete(remembered);
      },
    };
    this.#subscriptions.add(remembered);
    return remembered;
  }

  #consumer(group: string): Consumer {
    return kafkaClient({ ...this.#options, requestTimeoutMs: memberRequestTimeoutMs }).consumer({
      groupId: this.#prefixed(group),
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: 3_000,
      minBytes: 1,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      retry: kafkaRetry,
    });
  }

  async #connect(consumer: Consumer, subscribe: { topics: string[]; fromBeginning: boolean }): Promise<void> {
    const connecting = consumer.connect().then(() => consumer.subscribe(subscribe));
    try {
      await withDeadline(connecting, connectWithinMs, 'subscribing');
    } catch (error) {
      void connecting.catch(() => {}).then(() => consumer.disconnect().catch(() => {}));
      throw error;
    }
  }

  async #endPositions(topics: string[]): Promise<Map<string, string>> {
    const positions = new Map<string, string>();
    for (const topic of topics) {
      for (const { partition, high } of await this.#admin.offsets(topic)) {
        positions.set(`${topic}/${partition}`, high);
      }
    }
    return positions;
  }

  /** The offsets of what the partitions hold, without those that hold nothing. */
  async #filledRanges(topics: string[]): Promise<Map<string, Range>> {
    const ranges = new Map<string, Range>();
    for (const topic of topics) {
      for (const { partition, low, high } of await this.#admin.offsets(topic)) {
        if (Number(low) < Number(high))
          ranges.set(`${topic}/${partition}`, { next: Number(low), end: Number(high) });
      }
    }
    return ranges;
  }

  #requireTopic(topic: string): Promise<void> {
    const known = this.#topicChecks.get(topic);
    if (known) return known;
    const check = this.#admin.requireTopic(this.#prefixed(topic), topic);
    this.#topicChecks.set(topic, check);
    check.catch(() => this.#topicChecks.delete(topic));
    return check;
  }

  #prefixed(name: string): string {
    return `${this.#options.topicPrefix}${name}`;
  }
}
