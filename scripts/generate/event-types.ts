import { schemas } from '@shop/contracts/events/schemas.ts';
import { compile } from 'json-schema-to-typescript';

const banner = `/**
 * Generated from the schemas of this folder by \`npm run generate\`: do not edit.
 */`;

/** The text of contracts/events/types.ts. */
export async function generateEventTypes(): Promise<string> {
  const interfaces: string[] = [];
  const members: string[] = [];
  for (const [type, versions] of Object.entries(schemas)) {
    for (const schema of Object.values(versions)) {
      // The compiler may change what it is given.
      const copy = structuredClone(schema) as Parameters<typeof compile>[0];
      interfaces.push(await compile(copy, schema.title, options));
    }
    const newest = Object.values(versions).at(-1)!;
    members.push(`  '${type}': ${newest.title};`);
  }
  const map = `/** The data of each event type, in its newest major version. */\nexport interface EventData {\n${members.join('\n')}\n}\n`;
  return `${banner}\n\n${interfaces.join('\n')}\n${map}`;
}

const options = {
  bannerComment: '',
  additionalProperties: false,
  // Arrays stay arrays, rather than a hundred tuples of every length.
  ignoreMinAndMaxItems: true,
  style: { singleQuote: true, printWidth: 110 },
} as const;
