import type { EventData, ReceivedData } from '@shop/contracts/events/types.ts';
import { writtenMajors } from '@shop/contracts/events/written-majors.ts';
import { assertMatches } from './event-schemas.ts';

/** The name of an event type: `order.placed`. */
export type EventType = keyof EventData;

/**
 * An event on the wire: CloudEvents 1.0, structured mode, JSON. `id` is deterministic, so that a duplicate can
 * be recognised; `dataschema` names the type and its major version. A union over T, so that `type` narrows `data`.
 */
export type CloudEvent<T extends EventType = EventType> = T extends EventType
  ? {
      specversion: '1.0';
      id: string;
      /** Who says so: `/products`. */
      source: string;
      type: T;
      /** What it is about: the id that is the record's key. */
      subject: string;
      /** When it happened: RFC 3339, UTC. */
      time: string;
      datacontenttype: 'application/json';
      dataschema: string;
      data: ReceivedData[T];
    }
  : never;

/** `urn:shop:order.placed:v1` */
export function dataSchemaOf(type: string, major: number): string {
  return `urn:shop:${type}:v${major}`;
}

/** The major version in which this process writes the type. */
export function writtenMajorOf(type: EventType): number {
  return writtenMajors[type];
}

/** The name of the schema by which this process writes events of this type. */
export function writtenSchemaOf(type: EventType): string {
  return dataSchemaOf(type, writtenMajorOf(type));
}

export interface EventFacts {
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  data: unknown;
  /** The major version of the type that the data is of; 1 unless given. */
  major?: number | undefined;
}

/** The wire text of an event; throws, as a bug of the caller, unless its data matches the schema of its type. */
export function encodeEvent<T extends EventType>(
  facts: Omit<EventFacts, 'type' | 'data' | 'major'> & { type: T; data: EventData[T] },
): string {
  assertMatches(writtenSchemaOf(facts.type), facts.data);
  return encodeUnchecked({ ...facts, major: writtenMajorOf(facts.type) });
}

/**
 * The wire text of an event whose data was checked before it was stored, or is wrong on purpose; the same facts always
 * give the same text.
 */
export function encodeUnchecked({ id, source, type, subject, time, data, major = 1 }: EventFacts): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type, major),
    data,
  });
}
