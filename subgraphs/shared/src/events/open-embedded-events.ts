import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { UnavailableError } from '../unavailable.ts';
import { defaultMaxBatch } from './deliver.ts';
import { BroadcastPositions } from './embedded/broadcast-positions.ts';
import { ConsumerGroup } from './embedded/consumer-group.ts';
import type { Member, Positions } from './embedded/lease.ts';
import { RecordLog } from './embedded/record-log.ts';
import { applyRetention } from './embedded/retention.ts';
import type { Events, OnBatch, StoredRecord, SubscribeOptions, Subscription } from './port.ts';

const retentionEveryMs = 60_000;

export interface EmbeddedEventsOptions {
  /** The SQLite file, or ':memory:'. One process at a time has it. */
  file: string;
  log: Logger;
}

/**
 * The embedded adapter of the events port: everything in this process, durable in one file. What publish
 * acknowledged and what is committed survives `kill -9`. Throws when another process has the file.
 */
export function openEmbeddedEvents(options: EmbeddedEventsOptions): Events {
  return new EmbeddedEvents(options);
}

class EmbeddedEvents implements Events {
  #log: Logger;
  #records: RecordLog;
  #groups = new Map<string, ConsumerGroup>();
  #broadcasts = new BroadcastPositions();
  #subscriptions = new Set<Subscription>();
  #sweep: NodeJS.Timeout;
  #closing: Promise<void> | null = null;
  #isClosed = false;

  constructor({ file, log }: EmbeddedEventsOptions) {
    this.#log = log;
    this.#records = new RecordLog(file, (partitions) => {
      for (const partition of partitions) for (const group of this.#groups.values()) group.wake(partition);
    });
    this.#sweep = setInterval(() => this.#dropOld(), retentionEveryMs).unref();
  }

  async createTopics(topics: Parameters<Events['createTopics']>[0]): Promise<void> {
    this.#checkOpen();
    this.#records.createTopics(topics);
  }

  async publish(topic: string, records: Parameters<Events['publish']>[1]): Promise<void> {
    this.#checkOpen();
    await this.#records.append(topic, records);
  }

  async subscribe(options: SubscribeOptions, onBatch: OnBatch): Promise<Subscription> {
    this.#checkOpen();
    if (this.#closing) throw new UnavailableError('the embedded event log is closing');
    const { topics, maxBatch = defaultMaxBatch } = options;
    for (const topic of topics) this.#records.partitions(topic);
    const { group, dispose } =
      typeof options.group === 'string'
        ? this.#sharedGroup(options.group, topics)
        : this.#broadcastGroup(options.group.broadcast);
    return this.#join(group, { topics, maxBatch, onBatch }, dispose);
  }

  async *readAll(topics: string[]): AsyncGenerator<StoredRecord> {
    this.#checkOpen();
    const ranges = topics
      .flatMap((topic) => this.#records.partitions(topic))
      .map((partition) => ({ partition, end: partition.nextOffset }));
    for (const { partition, end } of ranges) {
      const { topic, partition: number } = partition;
      for (let next = 0; next < end; ) {
        this.#checkOpen();
        const page = this.#records.read(partition, next, defaultMaxBatch);
        if (page.length === 0) break;
        for (const record of page) if (record.offset < end) yield { ...record, topic, partition: number };
        next = page.at(-1)!.offset + 1;
      }
    }
  }

  async logId(): Promise<string> {
    this.#checkOpen();
    return this.#records.logId();
  }

  async ping(): Promise<void> {
    this.#checkOpen();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    this.#isClosed = true;
    this.#records.close();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new UnavailableError('the embedded event log is closed');
  }

  /** Kept without members too: one that comes later waits for what an earlier one still runs. */
  #sharedGroup(name: string, topics: string[]) {
    const records = this.#records;
    for (const topic of topics) records.register(name, records.partitions(topic));
    const positions: Positions = {
      start: (partition) => records.position(name, partition),
      commit: (partition, nextOffset) => records.commitPosition(name, partition, nextOffset),
    };
    const group = this.#groups.get(name) ?? this.#addGroup(name, positions);
    return { group, dispose: () => {} };
  }

  #broadcastGroup(label: string) {
    const name = `${label}:${randomUUID()}`;
    const { positions, remove } = this.#broadcasts.add();
    const group = this.#addGroup(name, positions);
    const dispose = () => {
      remove();
      this.#groups.delete(name);
    };
    return { group, dispose };
  }

  #addGroup(name: string, positions: Positions): ConsumerGroup {
    const records = this.#records;
    const group = new ConsumerGroup({
      group: name,
      positions,
      read: (partition, fromOffset, limit) => records.read(partition, fromOffset, limit),
      partitions: (topic) => records.partitions(topic),
      log: this.#log,
    });
    this.#groups.set(name, group);
    return group;
  }

  #join(group: ConsumerGroup, member: Member, dispose: () => void): Subscription {
    group.join(member);
    let stopping: Promise<void> | null = null;
    const subscription: Subscription = {
      isReady: () => stopping === null && group.isReady(member),
      stop: () => {
        stopping ??= group.leave(member).then(() => {
          dispose();
          this.#subscriptions.delete(subscription);
        });
        return stopping;
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  #dropOld(): void {
    try {
      applyRetention(this.#records.database, {
        nowMs: Date.now(),
        liveGroups: this.#groups.keys(),
        heldOffset: (partitionId) => this.#broadcasts.lowest(partitionId),
        retentionMs: (topic) => this.#records.retentionMs(topic),
      });
    } catch (error) {
      this.#log.error({ err: error }, 'old embedded events could not be dropped');
    }
  }
}
