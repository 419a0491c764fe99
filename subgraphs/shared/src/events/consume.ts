import type { Logger } from 'pino';
import type { CloudEvent, EventType } from './cloud-event.ts';
import { deadLetter, deadLetterTopic, type Poison } from './dead-letters.ts';
import { decodeEvent } from './decode-event.ts';
import type { Batch, Events, SubscribeOptions, Subscription } from './port.ts';

/** The handled events of one batch of one partition, in order; never empty. */
export interface EventBatch<T extends EventType> {
  partition: number;
  /** The offset of the batch's last record, handled or not. */
  lastOffset: number;
  events: { offset: number; event: CloudEvent<T> }[];
  /** Aborted when the partition was taken away or the process is stopping: finishing is harmless. */
  signal: AbortSignal;
}

export interface ConsumeOptions<T extends EventType> {
  events: Events;
  log: Logger;
  group: SubscribeOptions['group'];
  source: { topic: string };
  /** The types to hand on; others of the topic are skipped. */
  types: readonly T[];
  /** Why an event makes no sense although it matches its schema, null if it does: it is set aside as undecodable. */
  refuse?: (event: CloudEvent<T>) => string | null;
  /** At most this many records a batch; the port's default otherwise. */
  maxBatch?: number;
  /** Rejecting makes the batch come again after a pause; it never sends anything to the dead-letter topic. */
  onEvents: (batch: EventBatch<T>) => Promise<void>;
}

/**
 * Subscribes to the events of these types. A record that cannot be decoded goes to `<topic>.dlq`, which must
 * exist, before its batch is committed; a broadcast consumer only logs it, since a group beside it does the rest.
 */
export function consumeEvents<T extends EventType>(options: ConsumeOptions<T>): Promise<Subscription> {
  const { events, group, source, maxBatch, onEvents } = options;
  const onBatch = async (batch: Batch): Promise<void> => {
    const { handled, poisons } = decodeBatch(batch, options);
    const lastOffset = batch.records.at(-1)!.offset;
    const { partition, signal } = batch;
    if (handled.length > 0) await onEvents({ partition, lastOffset, events: handled, signal });
    // Only now: a batch that is handed on again and again leaves its dead letters once.
    if (poisons.length > 0) await setAside(poisons, batch, options);
  };
  return events.subscribe({ group, topics: [source.topic], ...(maxBatch ? { maxBatch } : {}) }, onBatch);
}

function decodeBatch<T extends EventType>({ records }: Batch, { types, refuse }: ConsumeOptions<T>) {
  const handled: { offset: number; event: CloudEvent<T> }[] = [];
  const poisons: Poison[] = [];
  for (const record of records) {
    const decoded = decodeEvent(record, types);
    if (decoded.kind === 'skipped') continue;
    const cause = decoded.kind === 'poison' ? decoded.cause : (refuse?.(decoded.event) ?? null);
    if (cause !== null) poisons.push({ record, cause });
    else if (decoded.kind === 'event') handled.push({ offset: record.offset, event: decoded.event });
  }
  return { handled, poisons };
}

async function setAside<T extends EventType>(
  poisons: Poison[],
  { topic, partition }: Batch,
  { events, log, group }: ConsumeOptions<T>,
): Promise<void> {
  const [first] = poisons;
  const where = { group, topic, partition, count: poisons.length, offset: first?.record.offset };
  log.warn({ ...where, cause: first?.cause }, 'records that cannot be decoded');
  if (typeof group !== 'string') return;
  const nowMs = Date.now();
  await events.publish(
    deadLetterTopic(topic),
    poisons.map((poison) => deadLetter(poison, { topic, partition }, nowMs)),
  );
}
