import type { Command, Misuse } from './command.ts';
import {
  type Asked,
  none,
  one,
  optionalId,
  readCommand,
  readCount,
  readId,
  readWords,
  readWriting,
  type Verb,
  writing,
} from './read-arguments.ts';

const usage = `Usage:
  npm run supergraph -- history [--limit N] [--from ID] [--json] --store STORE
  npm run supergraph -- show [ID] [--json] --store STORE
  npm run supergraph -- rollback ID [--force REASON] --store STORE
  npm run supergraph -- remove NAME --store STORE
  npm run supergraph -- repair [ID] --store STORE
ID is what history says. STORE is a directory or an http(s) URL; without it, SUPERGRAPH_STORE says it. rollback and remove
also take --by WHO, --retry N (when somebody else publishes meanwhile) and --dry-run.`;

const verbs: Record<string, Verb> = {
  history: { flags: ['store', 'limit', 'from', 'json'], read: readHistory },
  show: { flags: ['store', 'json'], read: readShow },
  rollback: { flags: [...writing, 'force'], read: readRollback },
  remove: { flags: writing, read: readRemove },
  repair: { flags: ['store'], read: readRepair },
};

/** Makes a command of the arguments of `npm run supergraph`. */
export function readSupergraphCommand(args: string[], defaultStore: string | undefined): Command | Misuse {
  return readCommand(args, defaultStore, usage, ([name = '', ...names]) => {
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb) throw new Error(name === '' ? 'Say what to do.' : `There is no "${name}".`);
    return { verb, names };
  });
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
