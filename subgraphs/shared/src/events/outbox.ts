import type { EventData } from '@shop/contracts/events/types.ts';
import type { Doc, Index } from '../documents/port.ts';
import { type EventType, writtenMajorOf, writtenSchemaOf } from './cloud-event.ts';
import { assertMatches } from './event-schemas.ts';

/** An event that waits in the document whose change it tells of. */
export interface OutboxEntry {
  /** Deterministic, `<document id>:<n>`: it becomes the event's id. */
  id: string;
  type: EventType;
  data: unknown;
  /** RFC 3339, UTC: it becomes the event's time. */
  at: string;
  /** The major version of the type that the data is of, where that is not 1: whoever publishes it may write another. */
  major?: number;
}

/** What a document needs so that a relay publishes its events; the record's key is the document's id. */
export interface OutboxDoc extends Doc {
  outbox: OutboxEntry[];
  /** The age of the oldest entry, or an earlier time; there only while the outbox is not empty. */
  outboxAt?: Date;
}

/** The index by which the relay's sweep finds documents; every collection with an outbox declares it. */
export const outboxIndex: Index = { key: { outboxAt: 1 }, sparse: true };

/**
 * An entry whose data matches the schema of its type; it throws otherwise, as a bug of the caller, before anything is
 * stored. The relay does not look again: what once lies in an outbox is published, so that nothing waits behind it.
 */
export function outboxEntry<T extends EventType>(
  id: string,
  type: T,
  data: EventData[T],
  at: Date,
): OutboxEntry {
  assertMatches(writtenSchemaOf(type), data);
  const major = writtenMajorOf(type);
  return { id, type, data, at: at.toISOString(), ...(major !== 1 && { major }) };
}

/** The fields of a new document that carries these (one or more) events. */
export function outboxFields(entries: OutboxEntry[], at: Date): { outbox: OutboxEntry[]; outboxAt: Date } {
  return { outbox: entries, outboxAt: at };
}

/**
 * The part of an update that adds these (one or more) events to a document: spread it into the update, which
 * must not use $push or $min itself. $min keeps the age of the oldest entry.
 */
export function pushOutbox(entries: OutboxEntry[], at: Date) {
  return { $push: { outbox: { $each: entries } }, $min: { outboxAt: at } };
}
