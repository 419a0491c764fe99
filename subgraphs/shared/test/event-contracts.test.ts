import { readdirSync, readFileSync } from 'node:fs';
import { retiredVersions } from '@shop/contracts/events/retired.ts';
import { schemas } from '@shop/contracts/events/schemas.ts';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { writtenMajors } from '@shop/contracts/events/written-majors.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../../contracts/events/', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const files = readdirSync(folder).filter((file) => file.endsWith('.schema.json'));
const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: unknown;
}

/** The paths of what a schema describes without saying what it is, or closes to growth. */
function findings(schema: Schema, path: string): string[] {
  const own = schema.description && schema.additionalProperties === undefined ? [] : [path];
  const properties = Object.entries(schema.properties ?? {});
  const below = properties.flatMap(([name, property]) => findings(property, `${path}.${name}`));
  return [...own, ...below, ...(schema.items ? findings(schema.items, `${path}[]`) : [])];
}

describe('contracts/events', () => {
  test.each(files)('%s: its example is valid, everything is described, nothing is closed', (file) => {
    const schema = read(file) as Schema;
    const validate = ajv.compile(schema);
    validate(read(file.replace('.schema.', '.example.')));
    expect(validate.errors).toBeNull();
    expect(findings(schema, file)).toEqual([]);
  });

  test('schemas.ts, the files and the topics name the same events', () => {
    const listed = Object.entries(schemas).flatMap(([type, versions]) =>
      Object.entries(versions).map(([version, schema]) => {
        expect(schema.$id).toBe(`urn:shop:${type}:${version}`);
        return `${type}.${version}.schema.json`;
      }),
    );
    expect(listed.toSorted()).toEqual(files.toSorted());
    const carried = Object.values(topics).flatMap(({ types }): string[] => [...types]);
    expect(carried.toSorted()).toEqual(Object.keys(schemas).toSorted());
  });

  test('every type is written in a version that has a schema and is not retired', () => {
    const written = Object.entries(writtenMajors).map(([type, major]) => `urn:shop:${type}:v${major}`);
    expect(Object.keys(writtenMajors).toSorted()).toEqual(Object.keys(schemas).toSorted());
    const kept = Object.values(schemas).flatMap((versions) =>
      Object.values(versions).map(({ $id }): string => $id),
    );
    expect(kept).toEqual(expect.arrayContaining(written));
    expect(retiredVersions.filter(({ schema }) => written.includes(schema))).toEqual([]);
  });

  test('every topic has a dead-letter topic', () => {
    const expected = Object.values(topics).map(({ topic }) => ({
      topic: `${topic}.dlq`,
      partitions: 1,
      retentionMs: 90 * 24 * 3_600_000,
    }));
    expect(Object.values(deadLetterTopics)).toEqual(expected);
  });
});
