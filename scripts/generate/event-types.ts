import { schemas } from '@shop/contracts/events/schemas.ts';
import { writtenMajors } from '@shop/contracts/events/written-majors.ts';
import { compile } from 'json-schema-to-typescript';

const banner = `/**
 * Generated from the schemas of this folder by \`npm run generate\`: do not edit.
 */`;

interface TitledSchema {
  title: string;
}

/** A type with its schemas, the versions from the oldest to the newest, and the one that is written. */
export interface EventTypeSchemas {
  type: string;
  versions: Record<string, TitledSchema>;
  writtenMajor: number;
}

const events: EventTypeSchemas[] = Object.entries(schemas).map(([type, versions]) => ({
  type,
  versions,
  writtenMajor: writtenMajors[type as keyof typeof writtenMajors],
}));

/** The text of contracts/events/types.ts: of our own events, unless given others. */
export async function generateEventTypes(given = events): Promise<string> {
  const interfaces: string[] = [];
  for (const { versions } of given) {
    for (const schema of Object.values(versions)) {
      // The compiler may change what it is given.
      const copy = structuredClone(schema) as Parameters<typeof compile>[0];
      interfaces.push(await compile(copy, schema.title, options));
    }
  }
  const written = given.map(({ type, versions, writtenMajor }) => {
    const schema = versions[`v${writtenMajor}`];
    if (!schema) throw new Error(`${type} is written as v${writtenMajor}, which has no schema`);
    return `  '${type}': ${schema.title};`;
  });
  const received = given.map(({ type, versions }) => {
    const titles = Object.values(versions).map(({ title }) => title);
    return `  '${type}': ${titles.join(' | ')};`;
  });
  return [
    `${banner}\n`,
    interfaces.join('\n'),
    '/** What producers say: the data of each event type, in the major version in which it is written. */',
    `export interface EventData {\n${written.join('\n')}\n}\n`,
    '/** What consumers hear: the data of each event type, in any major version that may still lie somewhere. */',
    `export interface ReceivedData {\n${received.join('\n')}\n}\n`,
  ].join('\n');
}

const options = {
  bannerComment: '',
  additionalProperties: false,
  // Arrays stay arrays, rather than a hundred tuples of every length.
  ignoreMinAndMaxItems: true,
  style: { singleQuote: true, printWidth: 110 },
} as const;
