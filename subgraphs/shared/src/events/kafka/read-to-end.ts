import { PassThrough } from 'node:stream';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { UnavailableError } from '../../unavailable.ts';
import { settlesWithin } from '../backoff.ts';
import { rebalanceTimeoutMs } from '../deliver.ts';
import type { StoredRecord } from '../port.ts';
import { toRecord } from './partition-run.ts';

/** Longer than a group takes to deal its partitions, or a partition to find another leader. */
const idleMs = 30_000;
/** A reader may take its time: a quarter of the session timeout. */
const heartbeatMs = 3_000;

/** The offsets of a partition that are still to be read: from `next` on, below `end`. */
export interface Range {
  next: number;
  end: number;
}

export interface ReadToEndOptions {
  /** Connected and subscribed; it is disconnected at the end. */
  consumer: Consumer;
  /** Topics as on the brokers, and what callers call them. */
  names: Map<string, string>;
  /** By `topic/partition`; none is empty. */
  ranges: Map<string, Range>;
  /** Aborted when the connection closes: the reading fails. */
  signal: AbortSignal;
}

/** The records of these ranges, each partition in order. At most two fetched batches wait for the reader. */
export async function* readToEnd(options: ReadToEndOptions): AsyncGenerator<StoredRecord> {
  const { consumer, signal } = options;
  const batches = new PassThrough({ objectMode: true, highWaterMark: 1, signal });
  const fail = (why: string) => batches.destroy(new UnavailableError(`reading topics: ${why}`));
  const idle = setTimeout(() => fail(`nothing came for ${idleMs} ms`), idleMs);
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) fail(error.message);
  });
  try {
    const eachBatch = (payload: EachBatchPayload) => handOver(payload, { ...options, batches, idle });
    await consumer.run({ autoCommit: false, eachBatch });
    for await (const records of batches as AsyncIterable<StoredRecord[]>) yield* records;
  } catch (cause) {
    if (cause instanceof UnavailableError) throw cause;
    throw new UnavailableError('reading topics: the connection was closed', { cause });
  } finally {
    clearTimeout(idle);
    batches.destroy();
    await settlesWithin(consumer.disconnect(), rebalanceTimeoutMs);
  }
}

/** Resolves when the reader has room for more; a reader that is gone has. */
async function handOver(
  { batch, heartbeat, pause }: EachBatchPayload,
  { ranges, names, batches, idle }: ReadToEndOptions & { batches: PassThrough; idle: NodeJS.Timeout },
): Promise<void> {
  const { topic, partition } = batch;
  const range = ranges.get(`${topic}/${partition}`);
  if (!range) return void pause();
  // A consumer that had to join again, with nothing committed, begins at the beginning.
  const records = batch.messages
    .map((message) => ({ ...toRecord(message), topic: names.get(topic) ?? topic, partition }))
    .filter(({ offset }) => offset >= range.next && offset < range.end);
  range.next = Math.max(range.next, Number(batch.lastOffset()) + 1);
  if (range.next >= range.end) ranges.delete(`${topic}/${partition}`);
  idle.refresh();
  if (batches.destroyed) return;
  const hasRoom = records.length === 0 || batches.write(records);
  if (ranges.size === 0) batches.end();
  else if (!hasRoom) {
    const free = new Promise<void>((resolve) => batches.once('drain', resolve).once('close', resolve));
    while (!(await settlesWithin(free, heartbeatMs))) {
      idle.refresh();
      await heartbeat();
    }
  }
}
