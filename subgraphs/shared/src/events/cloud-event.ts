import type { EventData } from '@shop/contracts/events/types.ts';

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
      data: EventData[T];
    }
  : never;

/** The major version in which this process writes each type. */
const writtenMajor = 1;

/** `urn:shop:order.placed:v1` */
export function dataSchemaOf(type: string, major: number): string {
  return `urn:shop:${type}:v${major}`;
}

export interface EventFacts {
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  data: unknown;
}

/** The wire text of an event; the same facts always give the same text. */
export function encodeEvent({ id, source, type, subject, time, data }: EventFacts): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type, writtenMajor),
    data,
  });
}
