import type { Logger } from 'pino';
import { type BackoffRange, backoffMs, pause, settlesWithin } from '../backoff.ts';
import { deliver, rebalanceTimeoutMs } from '../deliver.ts';
import type { DeliveredRecord, OnBatch } from '../port.ts';
import type { Partition } from './record-log.ts';

/** Where a group stands in its partitions. */
export interface Positions {
  start(partition: Partition): number;
  /** Resolves when the group goes on from here, whatever happens. */
  commit(partition: Partition, nextOffset: number): Promise<void>;
}

export interface Member {
  topics: string[];
  maxBatch: number;
  onBatch: OnBatch;
}

export interface LeaseOptions {
  group: string;
  partition: Partition;
  member: Member;
  positions: Positions;
  read: (partition: Partition, fromOffset: number, limit: number) => DeliveredRecord[];
  /** Who had the partition before: its running batch is waited for, up to the rebalance timeout. */
  previous: Lease | undefined;
  log: Logger;
}

/** Between two looks at a log that cannot be read: a full disk, say, that somebody clears. */
const retryRead: BackoffRange = { minMs: 50, maxMs: 5_000 };

/** One member's time with one partition: it reads, delivers and commits until it is revoked. */
export class Lease {
  readonly member: Member;
  /** Resolves when nothing of this lease, or of those before it, runs any more. */
  readonly done: Promise<void>;
  #options: LeaseOptions;
  #revoked = new AbortController();
  #fenced = false;
  #running = false;
  #wake: () => void = () => {};

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.member = options.member;
    this.done = this.#run().catch((error: unknown) => {
      options.log.error({ err: error, group: options.group }, 'an embedded consumer stopped');
    });
  }

  /** Whether records flow, rather than wait for the one before. */
  isRunning(): boolean {
    return this.#running;
  }

  /** New records are there. */
  wake(): void {
    this.#wake();
  }

  /** Aborts the running batch; what it still finishes is committed, unless the next one has begun. */
  revoke(): void {
    this.#revoked.abort();
    this.#wake();
  }

  async #run(): Promise<void> {
    const { partition, positions } = this.#options;
    const { signal } = this.#revoked;
    await this.#waitForPrevious();
    if (signal.aborted) return;
    this.#running = true;
    let nextOffset = positions.start(partition);
    while (!signal.aborted) {
      const records = await this.#read(nextOffset);
      const last = records.at(-1);
      if (!last) await this.#nextWake();
      else if ((await this.#deliver(records, last.offset + 1)) === 'done') nextOffset = last.offset + 1;
    }
  }

  /** Tries until the log can be read; none if the lease is revoked meanwhile. */
  async #read(fromOffset: number): Promise<DeliveredRecord[]> {
    const { partition, read, member, group, log } = this.#options;
    const { signal } = this.#revoked;
    for (let failures = 0; !signal.aborted; ) {
      try {
        return read(partition, fromOffset, member.maxBatch);
      } catch (error) {
        if (failures++ === 0)
          log.error({ err: error, group }, 'the embedded log cannot be read; trying again');
        await pause(backoffMs(failures, retryRead), signal);
      }
    }
    return [];
  }

  async #waitForPrevious(): Promise<void> {
    const { previous } = this.#options;
    if (!previous) return;
    // Let go of it, lest the leases of a partition become an ever longer chain.
    this.#options = { ...this.#options, previous: undefined };
    await settlesWithin(previous.done, rebalanceTimeoutMs);
    previous.#fenced = true;
  }

  /** The commit is part of the delivery: when it fails, the batch is delivered again. */
  #deliver(records: DeliveredRecord[], nextOffset: number): Promise<'done' | 'aborted'> {
    const { partition, positions, group, member, log } = this.#options;
    const { topic, partition: number } = partition;
    const onBatch: OnBatch = async (batch) => {
      await member.onBatch(batch);
      if (!this.#fenced) await positions.commit(partition, nextOffset);
    };
    const batch = { topic, partition: number, records, signal: this.#revoked.signal };
    return deliver({ batch, onBatch, group, log });
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
