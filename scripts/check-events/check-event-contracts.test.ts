import { dirname } from 'node:path';
import { retiredVersions } from '@shop/contracts/events/retired.ts';
import { describe, expect, test } from 'vitest';
import { type ContractsInput, checkEventContracts } from './check-event-contracts.ts';
import { type EventFolder, readEventFolder } from './event-folder.ts';
import { recordsKeptForMs } from './retirement.ts';

const files = readEventFolder(dirname(dirname(import.meta.dirname)));
const today = new Date('2026-06-30T12:00:00Z');
const schemaFile = 'order.cancelled.v1.schema.json';
const exampleFile = 'order.cancelled.v1.example.json';
const id = 'urn:shop:order.cancelled:v1';

function found(change: Partial<ContractsInput>): [code: string, file: string][] {
  const input = { files, base: files, retired: [], keptForMs: recordsKeptForMs, today, ...change };
  return checkEventContracts(input).map(({ code, file }) => [code, file]);
}

/** The files with this text in the place of that one. */
function edited(name: string, was: string, is: string): EventFolder {
  expect(files[name]).toContain(was);
  return { ...files, [name]: files[name]!.replace(was, is) };
}

function without(...names: string[]): EventFolder {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
}

/** The files with another version of order.cancelled. */
function withVersion(major: number): EventFolder {
  const schema = files[schemaFile]!.replace(id, `urn:shop:order.cancelled:v${major}`);
  const names = [`order.cancelled.v${major}.schema.json`, `order.cancelled.v${major}.example.json`];
  return { ...files, [names[0]!]: schema, [names[1]!]: files[exampleFile]! };
}

const retiredOn = (lastWrittenOn: string) => [{ schema: id, lastWrittenOn, reason: 'v2 says more' }];

test('the contracts of the shop are in order by themselves', () => {
  expect(found({ base: null, retired: retiredVersions })).toEqual([]);
  expect(Object.keys(files).length).toBeGreaterThan(10);
});

describe('a version by itself', () => {
  test.each<[what: string, files: EventFolder, found: [string, string][]]>([
    ['no JSON', { ...files, [schemaFile]: '{' }, [['KEYWORD_MALFORMED', schemaFile]]],
    [
      'an unknown keyword',
      edited(schemaFile, '"format"', '"contentFormat"'),
      [['KEYWORD_UNKNOWN', schemaFile]],
    ],
    ['the name of another', edited(schemaFile, id, 'urn:shop:order.lost:v1'), [['ID_CHANGED', schemaFile]]],
    ['no example', without(exampleFile), [['EXAMPLE_MISSING', exampleFile]]],
    ['a wrong example', edited(exampleFile, 'ord_7Qm2', '-.-'), [['EXAMPLE_INVALID', exampleFile]]],
    ['a gap below it', withVersion(3), [['EVENT_VERSION_SKIPPED', 'order.cancelled.v3.schema.json']]],
  ])('%s', (_, files, expected) => {
    expect(found({ files, base: null })).toEqual(expected);
  });
});

describe('beside the base', () => {
  test('a version that is new, and one that gains an optional property, are welcome', () => {
    const property = '"by": { "description": "Who.", "type": "string" }, "at"';
    const grown = edited(schemaFile, '"at": {', `${property}: {`);
    expect(found({ files: { ...withVersion(2), ...grown } })).toEqual([]);
  });

  test('a change that does harm is an error, and so is the example that shows it', () => {
    const narrowed = edited(schemaFile, '{1,64}', '{1,4}');
    expect(
      found({ files: { ...narrowed, [exampleFile]: files[exampleFile]!.replace('ord_7Qm2', 'o1') } }),
    ).toEqual([
      ['PATTERN_CHANGED', schemaFile],
      ['EXAMPLE_INVALID', exampleFile],
    ]);
  });

  test('an example that the base does not understand is an error', () => {
    const widened = edited(schemaFile, '{1,64}', '{1,99}');
    const long = edited(exampleFile, 'ord_7Qm2', 'o'.repeat(70));
    expect(found({ files: { ...widened, [exampleFile]: long[exampleFile]! } })).toEqual([
      ['PATTERN_CHANGED', schemaFile],
      ['EXAMPLE_INVALID', exampleFile],
    ]);
  });

  test('a version is not removed, nor is the older one when a newer comes', () => {
    const gone = without(schemaFile, exampleFile);
    const { [schemaFile]: _, [exampleFile]: __, ...newer } = withVersion(2);
    expect(found({ files: gone })).toEqual([['EVENT_VERSION_REMOVED', schemaFile]]);
    expect(found({ files: newer })).toEqual([['EVENT_VERSION_REMOVED', schemaFile]]);
  });

  test('a topic keeps its partitions, and an event its topic', () => {
    const partitions = edited('asyncapi.yaml', 'partitions: 6', 'partitions: 12');
    expect(found({ files: partitions })).toEqual([['PARTITIONS_CHANGED', 'asyncapi.yaml']]);
    const moved = edited('asyncapi.yaml', 'address: orders.v1', 'address: orders.v2');
    expect(found({ files: moved })).toEqual(Array(3).fill(['EVENT_MOVED', 'asyncapi.yaml']));
    expect(found({ base: without('asyncapi.yaml') })).toEqual([]);
  });

  // 97 days before the end of June: a week in the topic, and 90 days set aside.
  test.each([
    ['2026-03-24', []],
    ['2026-03-25', [['EVENT_VERSION_REMOVED', schemaFile]]],
    ['2026-06-30', [['EVENT_VERSION_REMOVED', schemaFile]]],
  ])('one that was last written on %s may go when no record of it is kept', (day, expected) => {
    const files = without(schemaFile, exampleFile);
    expect(found({ files, retired: retiredOn(day) })).toEqual(expected);
  });

  test.each(['2026-07-01', '2026-02-30', 'yesterday', '2026-01', ''])('%j is no day of the past', (day) => {
    expect(found({ retired: retiredOn(day) })).toEqual([['RETIREMENT_INVALID', 'retired.ts']]);
  });

  test('a version that is retired may stay, and beside one that is gone the next may stand', () => {
    const { [schemaFile]: _, [exampleFile]: __, ...newer } = withVersion(2);
    expect(found({ retired: retiredOn('2026-06-01') })).toEqual([]);
    expect(found({ files: newer, base: newer, retired: retiredOn('2026-01-31') })).toEqual([]);
  });

  test('the name of a version that is gone is not used again', () => {
    const base = without(schemaFile, exampleFile);
    const retired = retiredOn('2026-01-31');
    expect(found({ base, retired })).toEqual([['EVENT_VERSION_REUSED', schemaFile]]);
  });
});
