import type { Batch, DeliveredRecord, EventRecord, Events, OnBatch } from '@shop/shared/events/port';
import type { Pause } from '../../subgraphs/shared/test/scheduler.ts';

const partitionCount = 2;

/**
 * Topics whose delivery is in the test's hands: what is published is kept in order per key, and a worker takes the
 * records of a partition when the schedule says so, from the committed offset on, as after a rebalance.
 */
export class ManualBroker {
  #logs = new Map<string, DeliveredRecord[][]>();
  #committed = new Map<string, number>();

  /** The events port of one worker, which pauses before it publishes, and the handler that it subscribed. */
  connect(pause: Pause): { events: Events; handler: () => OnBatch } {
    let subscribed: OnBatch | undefined;
    const nothing = async () => undefined;
    const events: Events = {
      createTopics: nothing,
      logId: async () => 'manual',
      ping: nothing,
      close: nothing,
      publish: async (topic, records) => {
        await pause();
        this.#append(topic, records);
      },
      subscribe: async (_, onBatch) => {
        subscribed = onBatch;
        return { isReady: () => true, stop: nothing };
      },
      readAll: () => {
        throw new Error('no worker of the saga reads a whole topic');
      },
    };
    const handler = () => {
      if (!subscribed) throw new Error('the worker has not subscribed');
      return subscribed;
    };
    return { events, handler };
  }

  /** The partitions of the topic in which the group has something to read. */
  behind(topic: string, group: string): number[] {
    const logs = this.#logs.get(topic) ?? [];
    const isBehind = (partition: number) =>
      this.#offset(topic, group, partition) < (logs[partition]?.length ?? 0);
    return [...logs.keys()].filter(isBehind);
  }

  /** The next records of a partition for the group: at least one, at most `most`. */
  take(topic: string, group: string, partition: number, most: number): Batch {
    const log = this.#logs.get(topic)?.[partition] ?? [];
    const start = this.#offset(topic, group, partition);
    const records = log.slice(start, start + Math.max(1, most));
    return { topic, partition, records, signal: new AbortController().signal };
  }

  commit(batch: Batch, group: string): void {
    const { topic, partition, records } = batch;
    const next = (records.at(-1)?.offset ?? -1) + 1;
    const key = offsetKey(topic, group, partition);
    this.#committed.set(key, Math.max(this.#committed.get(key) ?? 0, next));
  }

  /** Everything ever published to the topic. */
  records(topic: string): DeliveredRecord[] {
    return (this.#logs.get(topic) ?? []).flat();
  }

  #append(topic: string, records: EventRecord[]): void {
    const empty = () => Array.from({ length: partitionCount }, (): DeliveredRecord[] => []);
    const logs = this.#logs.get(topic) ?? empty();
    this.#logs.set(topic, logs);
    for (const { key, value, headers = {} } of records) {
      const log = logs[partitionOf(key)];
      log?.push({ key, value, headers, offset: log.length, timestampMs: 0 });
    }
  }

  #offset(topic: string, group: string, partition: number): number {
    return this.#committed.get(offsetKey(topic, group, partition)) ?? 0;
  }
}

const offsetKey = (topic: string, group: string, partition: number) => `${topic}/${group}/${partition}`;

function partitionOf(key: string): number {
  return [...key].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % partitionCount;
}
