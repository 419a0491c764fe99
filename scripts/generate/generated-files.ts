import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateAsyncApi } from './asyncapi.ts';
import { generateEventTypes } from './event-types.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  path: string;
  text: string;
}

/** Everything that is made of contracts/events, as it should be. */
export async function generateFiles(root: string): Promise<GeneratedFile[]> {
  return [
    { path: 'contracts/events/types.ts', text: await generateEventTypes() },
    { path: 'contracts/events/asyncapi.yaml', text: await generateAsyncApi(root) },
  ];
}

/** The paths of those that are not as they should be, or not there. */
export async function staleFiles(root: string): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, text } of await generateFiles(root)) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => null);
    if (committed !== text) stale.push(path);
  }
  return stale;
}
