import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listAtRevision, readAtRevision } from '../git-base.ts';

/** The texts of the JSON files of contracts/events and of its asyncapi.yaml, by their names. */
export type EventFolder = Readonly<Record<string, string>>;

const folder = 'contracts/events';
/** What is generated of all of them, and tells as data what the topics are. */
export const asyncApiFile = 'asyncapi.yaml';

export function readEventFolder(root: string): EventFolder {
  return gather(readdirSync(join(root, folder)), (name) => readFileSync(join(root, folder, name), 'utf8'));
}

/** As it stood at the revision. */
export function readEventFolderAt(root: string, revision: string): EventFolder {
  return gather(
    listAtRevision(root, revision, folder),
    (name) => readAtRevision(root, revision, `${folder}/${name}`) ?? '',
  );
}

function gather(names: string[], read: (name: string) => string): EventFolder {
  const isOurs = (name: string) => name.endsWith('.json') || name === asyncApiFile;
  return Object.fromEntries(names.filter(isOurs).map((name) => [name, read(name)]));
}

/** One major version of an event, from its two files. */
export interface EventVersion {
  type: string;
  major: number;
  schemaFile: string;
  exampleFile: string;
  /** Undefined where the text is no JSON. */
  schema: unknown;
  /** Undefined where there is none, or its text is no JSON. */
  example: unknown;
}

/** The versions by their `$id`, as the names of the files say it. */
export function versionsIn(files: EventFolder): ReadonlyMap<string, EventVersion> {
  const versions = Object.keys(files).flatMap((schemaFile) => {
    const [, type, digits] = /^([a-z_.]+)\.v([1-9]\d*)\.schema\.json$/.exec(schemaFile) ?? [];
    if (type === undefined) return [];
    const exampleFile = schemaFile.replace('.schema.', '.example.');
    const parsed = { schema: parse(files[schemaFile]), example: parse(files[exampleFile]) };
    const version = { type, major: Number(digits), schemaFile, exampleFile, ...parsed };
    return [[`urn:shop:${type}:v${digits}`, version] as const];
  });
  return new Map(versions);
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
