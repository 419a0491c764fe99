import type { ValidateFunction } from 'ajv/dist/2020.js';
import { type CloudEvent, dataSchemaOf, type EventType } from './cloud-event.ts';
import { validateEnvelope, validatorOf, violationsOf } from './event-schemas.ts';
import type { DeliveredRecord } from './port.ts';

export type DecodedEvent<T extends EventType> =
  | { kind: 'event'; event: CloudEvent<T> }
  /** A well-formed event of a type that the consumer does not handle: a topic may grow. */
  | { kind: 'skipped'; type: string }
  /** No repetition can make sense of it. */
  | { kind: 'poison'; cause: string };

/** Causes go into headers and logs: bounded. */
const maxCauseLength = 500;

/** Makes an event of one of these types out of a record, checked against the schema of its major version. */
export function decodeEvent<T extends EventType>(
  record: Pick<DeliveredRecord, 'value'>,
  types: readonly T[],
): DecodedEvent<T> {
  const parsed = parse(record.value);
  if (parsed.kind === 'poison') return parsed;
  const event = parsed.value;
  if (!isCloudEvent(event)) return poison('not a CloudEvent', validateEnvelope);
  if (!isOneOf(event, types)) return { kind: 'skipped', type: event.type };
  const validate = validatorOf(event.dataschema);
  if (!validate || !isSchemaOf(event.dataschema, event.type)) {
    return poison(`unknown version: ${event.dataschema} of ${event.type}`);
  }
  if (!validate(event.data)) return poison(`data does not match ${event.dataschema}`, validate);
  return { kind: 'event', event };
}

function parse(text: string | null): { kind: 'parsed'; value: unknown } | { kind: 'poison'; cause: string } {
  if (text === null) return poison('no value');
  try {
    return { kind: 'parsed', value: JSON.parse(text) };
  } catch (error) {
    return poison(`not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function isCloudEvent(value: unknown): value is CloudEvent {
  return validateEnvelope(value);
}

function isOneOf<T extends EventType>(event: { type: string }, types: readonly T[]): event is CloudEvent<T> {
  return types.some((type) => type === event.type);
}

/** A schema name that is known, but belongs to another type, does not count. */
function isSchemaOf(dataschema: string, type: string): boolean {
  return dataschema.startsWith(`${dataSchemaOf(type, 0).slice(0, -1)}`);
}

function poison(what: string, validate?: ValidateFunction): { kind: 'poison'; cause: string } {
  const detail = validate ? `: ${violationsOf(validate)}` : '';
  return { kind: 'poison', cause: `${what}${detail}`.slice(0, maxCauseLength) };
}
