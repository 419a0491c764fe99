import { schemas } from '@shop/contracts/events/schemas.ts';
import { describe, expect, test } from 'vitest';
import { compareEventSchemas } from './compare-event-schemas.ts';
import { asSchema, type RawNode } from './random-schemas.ts';

const described = { description: 'One.' };
const id = { ...described, type: 'string', pattern: '^[a-z]{1,8}$' };
const count = { ...described, type: 'integer', minimum: 1, maximum: 10 };
const state = { ...described, type: 'string', enum: ['OPEN', 'SHUT'] };
const name = { ...described, type: 'string', minLength: 1, maxLength: 20 };
const line = { ...described, type: 'object', required: ['id'], properties: { id, count } };
const lines = { ...described, type: 'array', minItems: 1, maxItems: 100, items: line };
const at = { ...described, type: 'string', format: 'date-time' };
const properties = { id, state, name, lines, at };
const base = { ...described, type: 'object', required: ['id', 'lines'], properties };

const schema = (change: object = {}) => asSchema({ ...base, ...change } as unknown as RawNode);
const having = (changed: object) => schema({ properties: { ...properties, ...changed } });
const havingLine = (changed: object) => having({ lines: { ...lines, items: { ...line, ...changed } } });
const { id: _, ...withoutId } = properties;
const { name: __, ...withoutName } = properties;
const { pattern: ___, ...anyText } = id;
const { enum: ____, ...anyState } = state;

describe('each kind of change that does harm is found by its name', () => {
  test.each<[what: string, older: object, newer: object, found: [code: string, path: string][]]>([
    ['a property goes', schema(), schema({ properties: withoutName }), [['PROPERTY_REMOVED', '$.name']]],
    [
      'a required one goes',
      schema(),
      schema({ properties: withoutId, required: ['lines'] }),
      [['PROPERTY_REMOVED', '$.id']],
    ],
    [
      'an optional property becomes required',
      schema(),
      schema({ required: ['id', 'lines', 'name'] }),
      [['PROPERTY_REQUIRED', '$.name']],
    ],
    [
      'a required property comes',
      schema(),
      schema({ properties: { ...properties, note: name }, required: ['id', 'lines', 'note'] }),
      [['PROPERTY_REQUIRED', '$.note']],
    ],
    [
      'a required property becomes optional',
      schema(),
      schema({ required: ['lines'] }),
      [['PROPERTY_OPTIONAL', '$.id']],
    ],
    ['a type changes', schema(), having({ name: count }), [['TYPE_CHANGED', '$.name']]],
    [
      'the type of the items changes',
      schema(),
      having({ lines: { ...lines, items: id } }),
      [['TYPE_CHANGED', '$.lines[]']],
    ],
    [
      'far down, a property becomes required',
      schema(),
      havingLine({ required: ['id', 'count'] }),
      [['PROPERTY_REQUIRED', '$.lines[].count']],
    ],
    [
      'far down, a property goes',
      schema(),
      havingLine({ properties: { id } }),
      [['PROPERTY_REMOVED', '$.lines[].count']],
    ],
    [
      'a value is added to an enumeration',
      schema(),
      having({ state: { ...state, enum: ['OPEN', 'SHUT', 'LOST'] } }),
      [['ENUM_WIDENED', '$.state']],
    ],
    [
      'a value is taken from an enumeration',
      schema(),
      having({ state: { ...state, enum: ['OPEN'] } }),
      [['ENUM_NARROWED', '$.state']],
    ],
    [
      'a value is renamed',
      schema(),
      having({ state: { ...state, enum: ['OPEN', 'CLOSED'] } }),
      [
        ['ENUM_WIDENED', '$.state'],
        ['ENUM_NARROWED', '$.state'],
      ],
    ],
    ['an enumeration comes', having({ state: anyState }), schema(), [['ENUM_NARROWED', '$.state']]],
    ['an enumeration goes', schema(), having({ state: anyState }), [['ENUM_WIDENED', '$.state']]],
    [
      'a maximum rises',
      schema(),
      havingLine({ properties: { id, count: { ...count, maximum: 11 } } }),
      [['RANGE_WIDENED', '$.lines[].count']],
    ],
    [
      'a minimum rises',
      schema(),
      havingLine({ properties: { id, count: { ...count, minimum: 2 } } }),
      [['RANGE_NARROWED', '$.lines[].count']],
    ],
    [
      'a text may be longer',
      schema(),
      having({ name: { ...name, maxLength: 21 } }),
      [['RANGE_WIDENED', '$.name']],
    ],
    [
      'a text may be empty',
      schema(),
      having({ name: { ...name, minLength: 0 } }),
      [['RANGE_WIDENED', '$.name']],
    ],
    [
      'a length gets a limit',
      having({ name: { ...described, type: 'string' } }),
      having({ name: { ...described, type: 'string', maxLength: 9 } }),
      [['RANGE_NARROWED', '$.name']],
    ],
    [
      'a list may be shorter',
      schema(),
      having({ lines: { ...lines, minItems: 0 } }),
      [['RANGE_WIDENED', '$.lines']],
    ],
    [
      'a list must be shorter',
      schema(),
      having({ lines: { ...lines, maxItems: 99 } }),
      [['RANGE_NARROWED', '$.lines']],
    ],
    [
      'a pattern changes',
      schema(),
      having({ id: { ...id, pattern: '^[a-z]{1,9}$' } }),
      [['PATTERN_CHANGED', '$.id']],
    ],
    ['a pattern goes', schema(), having({ id: anyText }), [['PATTERN_CHANGED', '$.id']]],
    [
      'a format comes',
      having({ at: { ...described, type: 'string' } }),
      schema(),
      [['FORMAT_CHANGED', '$.at']],
    ],
    [
      'it takes the name of another',
      schema(),
      { ...schema(), $id: 'urn:shop:thing.happened:v2' },
      [['ID_CHANGED', '$']],
    ],
    [
      'a keyword that we do not use',
      schema(),
      having({ name: { ...name, contentEncoding: 'base64' } }),
      [['KEYWORD_UNKNOWN', '$.name']],
    ],
    [
      'a keyword of another type',
      schema(),
      havingLine({ properties: { id: { ...id, minimum: 1 }, count } }),
      [['KEYWORD_UNKNOWN', '$.lines[].id']],
    ],
    ['closed to growth', schema(), schema({ additionalProperties: false }), [['KEYWORD_UNKNOWN', '$']]],
    [
      'several types',
      schema(),
      having({ name: { ...name, type: ['string', 'null'] } }),
      [['KEYWORD_MALFORMED', '$.name']],
    ],
    ['no description', schema(), having({ name: { type: 'string' } }), [['KEYWORD_MALFORMED', '$.name']]],
    ['another format', schema(), having({ at: { ...at, format: 'uuid' } }), [['KEYWORD_MALFORMED', '$.at']]],
    [
      'no regular expression',
      schema(),
      having({ id: { ...id, pattern: '[' } }),
      [['KEYWORD_MALFORMED', '$.id']],
    ],
    ['requires what it lacks', schema(), schema({ required: ['nothing'] }), [['KEYWORD_MALFORMED', '$']]],
    ['no schema at all', schema(), [], [['KEYWORD_MALFORMED', '$']]],
  ])('%s', (_, older, newer, found) => {
    expect(compareEventSchemas(older, newer).map(({ code, path }) => [code, path])).toEqual(found);
  });
});

test.each<[what: string, newer: object]>([
  ['an optional property', having({ note: name })],
  ['an optional part with required members of its own', having({ origin: line })],
  ['an optional property far down', havingLine({ properties: { id, count, note: name } })],
  ['another description', having({ name: { ...name, description: 'Another.' } })],
  ['another title', { ...schema(), title: 'Else' }],
  ['another order', having({ state: { ...state, enum: ['SHUT', 'OPEN'] } })],
])('%s does no harm', (_, newer) => {
  expect(compareEventSchemas(schema(), newer)).toEqual([]);
});

test('the schemas of the shop use no keyword but these', () => {
  for (const versions of Object.values(schemas))
    for (const one of Object.values(versions)) expect(compareEventSchemas(one, one)).toEqual([]);
});
