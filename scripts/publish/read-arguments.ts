import { parseArgs } from 'node:util';
import type { Command, Misuse, Writing } from './command.ts';
import { isEntryId } from './entry.ts';

const options = {
  store: { type: 'string' },
  by: { type: 'string' },
  retry: { type: 'string' },
  'dry-run': { type: 'boolean' },
  schema: { type: 'string' },
  'routing-url': { type: 'string' },
  all: { type: 'boolean' },
  'new-store': { type: 'boolean' },
  limit: { type: 'string' },
  from: { type: 'string' },
  json: { type: 'boolean' },
  force: { type: 'string' },
} as const;

export type Flag = keyof typeof options;
export type Values = { [F in Flag]?: (typeof options)[F]['type'] extends 'string' ? string : boolean };

export interface Asked {
  values: Values;
  names: string[];
  store: string;
}

/** What a verb is asked with. */
export interface Verb {
  flags: readonly Flag[];
  read: (asked: Asked) => Command;
}

/** The flags of every verb that publishes. */
export const writing: readonly Flag[] = ['store', 'by', 'retry', 'dry-run'];

/** Makes a command of arguments; `choose` says of which verb, and which of the words are its own. */
export function readCommand(
  args: string[],
  defaultStore: string | undefined,
  usage: string,
  choose: (names: string[]) => { verb: Verb; names: string[] },
): Command | Misuse {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { verb, names } = choose(positionals);
    const odd = Object.keys(values).find((flag) => !verb.flags.some((known) => known === flag));
    if (odd) throw new Error(`--${odd} has no meaning here.`);
    const store = values.store ?? defaultStore;
    if (!store) throw new Error('Name the --store.');
    return verb.read({ values, names, store });
  } catch (error) {
    return { kind: 'misuse', text: `${(error as Error).message}\n${usage}` };
  }
}

export function readWriting({ by, retry = '0', 'dry-run': isDryRun = false }: Values): Writing {
  return {
    by: by === undefined ? null : readWords('--by', by),
    retries: readCount('--retry', retry, 0, 20),
    isDryRun,
  };
}

export function readCount(flag: string, text: string, lowest: number, highest: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= lowest && count <= highest) return count;
  throw new Error(`${flag} is a number from ${lowest} to ${highest}.`);
}

/** Something for people, in one line of the history. */
export function readWords(flag: string, text: string): string {
  if (text.trim() !== '' && text.length <= 200 && !/\p{Cc}/u.test(text)) return text.trim();
  throw new Error(`${flag} takes up to 200 letters in one line.`);
}

export function readId(text: string): string {
  if (isEntryId(text)) return text;
  throw new Error(`"${text}" is no ID: see npm run supergraph -- history.`);
}

export function optionalId(names: string[]): string | null {
  return names.length === 0 ? null : readId(one(names, 'Give one ID.'));
}

export function one(names: string[], problem: string): string {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) throw new Error(problem);
  return name;
}

export function none(names: string[]): void {
  if (names.length > 0) throw new Error(`"${names[0]}" has no meaning here.`);
}
