// npm run generate: writes what is made of the schemas, topics and flows in contracts/events: types and AsyncAPI.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateFiles } from './generate/generated-files.ts';

const root = dirname(import.meta.dirname);
for (const { path, text } of await generateFiles(root)) {
  await writeFile(join(root, path), text);
  console.log(`${path} is written.`);
}
