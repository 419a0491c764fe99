import { parseArgs } from 'node:util';
import { isEntryId } from './entry.ts';

/** What was asked for of a store. */
export type Command = { readonly store: string } & (
  | ({ readonly kind: 'publish'; readonly what: What; readonly isNewStore: boolean } & Writing)
  | ({ readonly kind: 'rollback'; readonly id: string; readonly forcedBecause: string | null } & Writing)
  | ({ readonly kind: 'remove'; readonly name: string } & Writing)
  | {
      readonly kind: 'history';
      readonly from: string | null;
      readonly limit: number;
      readonly isJson: boolean;
    }
  | { readonly kind: 'show'; readonly id: string | null; readonly isJson: boolean }
  | { readonly kind: 'repair'; readonly id: string | null }
);

/** One subgraph, or all of supergraph.yaml. */
export type What =
  | {
      readonly kind: 'one';
      readonly name: string;
      readonly schemaFile: string;
      readonly routingUrl: string | null;
    }
  | { readonly kind: 'all' };

interface Writing {
  /** null: whoever runs this. */
  readonly by: string | null;
  readonly retries: number;
  readonly isDryRun: boolean;
}

/** It cannot be told: what is wrong, and how to ask. */
export interface Misuse {
  readonly kind: 'misuse';
  readonly text: string;
}

export const publishUsage = `Usage:
  npm run publish:subgraph -- NAME --schema FILE [--routing-url URL] --store STORE
  npm run publish:subgraph -- --all --store STORE
NAME keeps its URL when none is given; --all publishes what supergraph.yaml names. STORE is a directory, or the http(s) URL
below which supergraphs are kept; without it, SUPERGRAPH_STORE says it. Also: --new-store (it may be empty), --by WHO,
--retry N (when somebody else publishes meanwhile), --dry-run.`;

export const supergraphUsage = `Usage:
  npm run supergraph -- history [--limit N] [--from ID] [--json] --store STORE
  npm run supergraph -- show [ID] [--json] --store STORE
  npm run supergraph -- rollback ID [--force REASON] --store STORE
  npm run supergraph -- remove NAME --store STORE
  npm run supergraph -- repair [ID] --store STORE
ID is what history says. STORE is a directory or an http(s) URL; without it, SUPERGRAPH_STORE says it. rollback and remove
also take --by WHO, --retry N (when somebody else publishes meanwhile) and --dry-run.`;

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

type Flag = keyof typeof options;
type Values = { [F in Flag]?: (typeof options)[F]['type'] extends 'string' ? string : boolean };

interface Asked {
  values: Values;
  names: string[];
  store: string;
}

interface Verb {
  flags: Flag[];
  read: (asked: Asked) => Command;
}

const writing: Flag[] = ['store', 'by', 'retry', 'dry-run'];
const publishVerb: Verb = {
  flags: [...writing, 'schema', 'routing-url', 'all', 'new-store'],
  read: readPublish,
};
const supergraphVerbs: Record<string, Verb> = {
  history: { flags: ['store', 'limit', 'from', 'json'], read: readHistory },
  show: { flags: ['store', 'json'], read: readShow },
  rollback: { flags: [...writing, 'force'], read: readRollback },
  remove: { flags: writing, read: readRemove },
  repair: { flags: ['store'], read: readRepair },
};

/** Makes a command of the arguments of `npm run publish:subgraph`. */
export function readPublishCommand(args: string[], defaultStore: string | undefined): Command | Misuse {
  return readCommand(args, defaultStore, publishUsage, (names) => ({ verb: publishVerb, names }));
}

/** Makes a command of the arguments of `npm run supergraph`. */
export function readSupergraphCommand(args: string[], defaultStore: string | undefined): Command | Misuse {
  return readCommand(args, defaultStore, supergraphUsage, ([name = '', ...names]) => {
    const verb = Object.hasOwn(supergraphVerbs, name) ? supergraphVerbs[name] : undefined;
    if (!verb) throw new Error(name === '' ? 'Say what to do.' : `There is no "${name}".`);
    return { verb, names };
  });
}

function readCommand(
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

function readPublish({ values, names, store }: Asked): Command {
  const isNewStore = values['new-store'] ?? false;
  return { kind: 'publish', what: readWhat(values, names), isNewStore, store, ...readWriting(values) };
}

function readWhat(values: Values, names: string[]): What {
  const { schema, 'routing-url': routingUrl = null } = values;
  if (values.all) {
    if (names.length > 0 || schema !== undefined || routingUrl !== null)
      throw new Error('--all takes schemas and URLs from supergraph.yaml.');
    return { kind: 'all' };
  }
  const name = one(names, 'Name one subgraph, or say --all.');
  // What Apollo's tools take for a name (apollographql.com/docs, "subgraph names").
  if (!/^[a-z][\w-]{0,63}$/i.test(name))
    throw new Error(`"${name}" is no name of a subgraph: letters, digits, - and _.`);
  if (!schema) throw new Error(`Name the --schema of ${name}: its file.`);
  if (routingUrl !== null && !/^https?:$/.test(URL.parse(routingUrl)?.protocol ?? ''))
    throw new Error('--routing-url must be an http or https URL.');
  return { kind: 'one', name, schemaFile: schema, routingUrl };
}

function readHistory({ values, names, store }: Asked): Command {
  none(names);
  const { limit = '20', from = null, json = false } = values;
  if (from !== null) readId(from);
  return { kind: 'history', from, limit: readCount('--limit', limit, 1, 200), isJson: json, store };
}

function readShow({ values, names, store }: Asked): Command {
  return { kind: 'show', id: optionalId(names), isJson: values.json ?? false, store };
}

function readRollback({ values, names, store }: Asked): Command {
  const forcedBecause = values.force === undefined ? null : readWords('--force', values.force);
  return {
    kind: 'rollback',
    id: readId(one(names, 'Give one ID.')),
    forcedBecause,
    store,
    ...readWriting(values),
  };
}

function readRemove({ values, names, store }: Asked): Command {
  return { kind: 'remove', name: one(names, 'Name one subgraph.'), store, ...readWriting(values) };
}

function readRepair({ names, store }: Asked): Command {
  return { kind: 'repair', id: optionalId(names), store };
}

function readWriting({ by, retry = '0', 'dry-run': isDryRun = false }: Values): Writing {
  return {
    by: by === undefined ? null : readWords('--by', by),
    retries: readCount('--retry', retry, 0, 20),
    isDryRun,
  };
}

function readCount(flag: string, text: string, lowest: number, highest: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= lowest && count <= highest) return count;
  throw new Error(`${flag} is a number from ${lowest} to ${highest}.`);
}

/** For people, in one line of the history. */
function readWords(flag: string, text: string): string {
  if (text.trim() !== '' && text.length <= 200 && !/\p{Cc}/u.test(text)) return text.trim();
  throw new Error(`${flag} takes up to 200 letters in one line.`);
}

function readId(text: string): string {
  if (isEntryId(text)) return text;
  throw new Error(`"${text}" is no ID: see npm run supergraph -- history.`);
}

function optionalId(names: string[]): string | null {
  return names.length === 0 ? null : readId(one(names, 'Give one ID.'));
}

function one(names: string[], problem: string): string {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) throw new Error(problem);
  return name;
}

function none(names: string[]): void {
  if (names.length > 0) throw new Error(`"${names[0]}" has no meaning here.`);
}
