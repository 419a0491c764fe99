import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { settlesWithin } from '../backoff.ts';
import { deliver, rebalanceTimeoutMs } from '../deliver.ts';
import type { DeliveredRecord, OnBatch } from '../port.ts';

/** What a member holds between two rebalances. */
export interface Assignment {
  /** Aborted when the group begins to rebalance or the subscription stops. */
  controller: AbortController;
  /** True once the partitions are dealt anew: nothing may be committed under this assignment any more. */
  isOver: boolean;
}

export interface PartitionRunOptions {
  payload: EachBatchPayload;
  assignment: Assignment;
  /** The topic as callers know it. */
  topic: string;
  group: string;
  maxBatch: number;
  onBatch: OnBatch;
  /** Stores where the group goes on. */
  commit: (nextOffset: string) => Promise<void>;
  /** What still runs for this partition from before. */
  previous: Promise<unknown> | undefined;
  log: Logger;
}

/** Delivers what was fetched of one partition, slice by slice, each committed when it is done. */
export class PartitionRun {
  /** Resolves when nothing of it, or before it, runs any more. Never rejects. */
  readonly done: Promise<void>;
  /** Resolves at the first rejected slice: from then on nobody should wait for this partition. */
  readonly rejected: Promise<void>;
  /** The offset of the last record that is done and committed; null: none yet. */
  lastOffset: string | null = null;
  isDone = false;
  /** Why the run ended early, where the commit failed. */
  error: Error | null = null;
  #options: PartitionRunOptions;
  #reject: () => void = () => {};

  constructor(options: PartitionRunOptions) {
    this.#options = options;
    this.rejected = new Promise((resolve) => {
      this.#reject = resolve;
    });
    this.done = this.#run()
      .catch((error: unknown) => {
        this.error = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.isDone = true;
      });
  }

  async #run(): Promise<void> {
    const { payload, assignment, previous, maxBatch } = this.#options;
    if (previous) await settlesWithin(previous, rebalanceTimeoutMs);
    const { messages } = payload.batch;
    for (let start = 0; start < messages.length; start += maxBatch) {
      if (assignment.controller.signal.aborted || payload.isStale()) return;
      const slice = messages.slice(start, start + maxBatch);
      if (!(await this.#deliver(slice.map(toRecord)))) return;
      this.lastOffset = slice.at(-1)!.offset;
    }
  }

  /** Answers whether the records are done and committed. */
  async #deliver(records: DeliveredRecord[]): Promise<boolean> {
    const { payload, assignment, topic, group, onBatch, commit, log } = this.#options;
    const { partition } = payload.batch;
    const batch = { topic, partition, records, signal: assignment.controller.signal };
    const outcome = await deliver({ batch, onBatch, group, log, onRejected: this.#reject });
    if (outcome === 'aborted' || assignment.isOver) return false;
    await commit(String(records.at(-1)!.offset + 1));
    return true;
  }
}

/** A record as callers see it. */
export function toRecord({ key, value, headers, offset, timestamp }: KafkaMessage): DeliveredRecord {
  const entries = Object.entries(headers ?? {}).map(([name, header]) => [name, String(header ?? '')]);
  return {
    key: key === null ? null : key.toString(),
    value: value === null ? null : value.toString(),
    headers: Object.fromEntries(entries),
    offset: Number(offset),
    timestampMs: Number(timestamp),
  };
}
