import { schemas } from '@shop/contracts/events/schemas.ts';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { createEventAjv } from './event-ajv.ts';

const ajv = createEventAjv();

/** What surrounds the data: CloudEvents 1.0, of which we use these attributes. */
export const envelopeSchema = {
  description: 'CloudEvents 1.0, structured mode, JSON.',
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema', 'data'],
  properties: {
    specversion: { description: 'The version of CloudEvents.', const: '1.0' },
    id: {
      description: 'The same whenever the event is said again: by it a duplicate is recognised.',
      type: 'string',
      minLength: 1,
    },
    source: { description: 'Who says so.', type: 'string', minLength: 1, format: 'uri-reference' },
    type: { description: 'What happened.', type: 'string', minLength: 1 },
    subject: { description: 'What it is about: the key of the record.', type: 'string', minLength: 1 },
    time: { description: 'When it happened (RFC 3339, UTC).', type: 'string', format: 'date-time' },
    datacontenttype: { description: 'The data is JSON.', const: 'application/json' },
    dataschema: { description: 'The type and its major version.', type: 'string', format: 'uri' },
    data: { description: 'As the schema named by dataschema says.' },
  },
};

/** Checks what surrounds the data of an event, whatever its type. */
export const validateEnvelope = ajv.compile(envelopeSchema);

const validators: ReadonlyMap<string, ValidateFunction> = new Map(
  Object.values(schemas)
    .flatMap((versions) => Object.values(versions))
    .map((schema) => [schema.$id, ajv.compile(schema)]),
);

/** The check of the data of this schema, such as `urn:shop:order.placed:v1`; compiled once for whoever asks. */
export function validatorOf(dataschema: string): ValidateFunction | undefined {
  return validators.get(dataschema);
}

/** What the validator found last: where, and which rule, but never a value. */
export function violationsOf(validate: ValidateFunction): string {
  return ajv.errorsText(validate.errors, { dataVar: '' });
}

/**
 * Throws unless the data matches the schema: for whoever is about to say it, since what does not match is a fault of
 * the producer, and consumers would set it aside. The error names the schema and the path, and no value.
 */
export function assertMatches(dataschema: string, data: unknown): void {
  const validate = validators.get(dataschema);
  if (!validate) throw new Error(`there is no schema ${dataschema}`);
  if (!validate(data)) throw new Error(`an event does not match ${dataschema}: ${violationsOf(validate)}`);
}
