import type { Logger } from 'pino';
import { type BackoffRange, backoffMs, pause } from './backoff.ts';
import type { Batch, OnBatch } from './port.ts';

/** Pauses between deliveries of a batch that is rejected again and again. */
const redelivery: BackoffRange = { minMs: 50, maxMs: 5_000 };

export interface DeliverOptions {
  batch: Batch;
  onBatch: OnBatch;
  group: string;
  log: Logger;
  /** Told at the first rejection, so that the caller can stop holding others up. */
  onRejected?: () => void;
}

/**
 * Hands one batch over until it is accepted. Resolves to 'aborted' when its signal was aborted first: the
 * records then stay with whoever has the partition next.
 */
export async function deliver(options: DeliverOptions): Promise<'done' | 'aborted'> {
  const { batch, onBatch, group, log, onRejected } = options;
  for (let attempt = 1; !batch.signal.aborted; attempt++) {
    try {
      await onBatch(batch);
      return 'done';
    } catch (error) {
      if (batch.signal.aborted) break;
      const retryMs = backoffMs(attempt, redelivery);
      const where = {
        group,
        topic: batch.topic,
        partition: batch.partition,
        offset: batch.records[0]?.offset,
      };
      log.warn({ err: error, ...where, attempt, retryMs }, 'batch rejected: it is delivered again');
      onRejected?.();
      await pause(retryMs, batch.signal);
    }
  }
  return 'aborted';
}

/** How long a partition, or a process that stops, waits for a handler that still runs; Kafka's rebalance timeout too. */
export const rebalanceTimeoutMs = 15_000;

/** What a subscription takes at most in one batch unless it says otherwise. */
export const defaultMaxBatch = 200;
