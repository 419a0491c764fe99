import { schemas } from '@shop/contracts/events/schemas.ts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type CloudEvent, dataSchemaOf, type EventType } from './cloud-event.ts';
import type { DeliveredRecord } from './port.ts';

export type DecodedEvent<T extends EventType> =
  | { kind: 'event'; event: CloudEvent<T> }
  /** A well-formed event of a type that the consumer does not handle: a topic may grow. */
  | { kind: 'skipped'; type: string }
  /** No repetition can make sense of it. */
  | { kind: 'poison'; cause: string };

/** Causes go into headers and logs: bounded. */
const maxCauseLength = 500;

const envelopeSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1, format: 'uri-reference' },
    type: { type: 'string', minLength: 1 },
    subject: { type: 'string', minLength: 1 },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    dataschema: { type: 'string', format: 'uri' },
    data: {},
  },
};

const ajv = new Ajv2020({ strict: true });
addFormats.default(ajv);
const validateEnvelope = ajv.compile<CloudEvent>(envelopeSchema);
const validators = compileSchemas();

/** Makes an event of one of these types out of a record, checked against the schema of its major version. */
export function decodeEvent<T extends EventType>(
  record: Pick<DeliveredRecord, 'value'>,
  types: readonly T[],
): DecodedEvent<T> {
  const parsed = parse(record.value);
  if (parsed.kind === 'poison') return parsed;
  const event = parsed.value;
  if (!validateEnvelope(event)) return poison('not a CloudEvent', validateEnvelope);
  if (!isOneOf(event, types)) return { kind: 'skipped', type: event.type };
  const validate = validators.get(event.dataschema);
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

function isOneOf<T extends EventType>(event: { type: string }, types: readonly T[]): event is CloudEvent<T> {
  return types.some((type) => type === event.type);
}

/** A schema name that is known, but belongs to another type, does not count. */
function isSchemaOf(dataschema: string, type: string): boolean {
  return dataschema.startsWith(`${dataSchemaOf(type, 0).slice(0, -1)}`);
}

function poison(what: string, validate?: ValidateFunction): { kind: 'poison'; cause: string } {
  const detail = validate ? `: ${ajv.errorsText(validate.errors, { dataVar: '' })}` : '';
  return { kind: 'poison', cause: `${what}${detail}`.slice(0, maxCauseLength) };
}

function compileSchemas(): Map<string, ValidateFunction> {
  const compiled = new Map<string, ValidateFunction>();
  for (const versions of Object.values(schemas)) {
    for (const schema of Object.values(versions)) compiled.set(schema.$id, ajv.compile(schema));
  }
  return compiled;
}
