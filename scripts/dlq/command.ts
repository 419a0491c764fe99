import { parseArgs } from 'node:util';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { type Place, parsePlace } from '@shop/shared/events/dead-letters';

/** What `npm run dlq` was asked for. */
export type Command =
  | { kind: 'list'; sourceTopics: string[]; isJson: boolean }
  | { kind: 'show'; place: Place; isJson: boolean }
  | { kind: 'replay' | 'discard'; place: Place; isAgain: boolean }
  | { kind: 'replay-all' | 'discard-all'; sourceTopics: string[] }
  /** It cannot be told: what is wrong, and how to ask. */
  | { kind: 'misuse'; text: string };

const sourceTopics = Object.values(topics).map(({ topic }) => topic);

export const usage = `Usage:
  npm run dlq -- list [--topic TOPIC] [--json]
  npm run dlq -- show ID [--json]
  npm run dlq -- replay ID [--again] | --all [--topic TOPIC]
  npm run dlq -- discard ID | --all [--topic TOPIC]
TOPIC is one of ${sourceTopics.join(', ')}; ID is what list says, such as ${topics.orders.topic}.dlq/0/12.`;

const options = {
  topic: { type: 'string' },
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  again: { type: 'boolean' },
} as const;

const verbs: Record<string, { flags: (keyof typeof options)[]; read: (asked: Asked) => Command }> = {
  list: { flags: ['topic', 'json'], read: readList },
  show: { flags: ['json'], read: readShow },
  replay: { flags: ['all', 'topic', 'again'], read: (asked) => readWork('replay', asked) },
  discard: { flags: ['all', 'topic'], read: (asked) => readWork('discard', asked) },
};

interface Asked {
  values: { topic?: string; json?: boolean; all?: boolean; again?: boolean };
  ids: string[];
}

/** Makes a command of the arguments. */
export function readCommand(args: string[]): Command {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [name = '', ...ids] = positionals;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb) throw new Error(name === '' ? 'Say what to do.' : `There is no "${name}".`);
    const odd = Object.keys(values).find((flag) => !verb.flags.some((known) => known === flag));
    if (odd) throw new Error(`${name} takes no --${odd}.`);
    return verb.read({ values, ids });
  } catch (error) {
    return { kind: 'misuse', text: `${(error as Error).message}\n${usage}` };
  }
}

function readList({ values, ids }: Asked): Command {
  if (ids.length > 0) throw new Error('list takes no ID: show does.');
  return { kind: 'list', sourceTopics: readTopics(values.topic), isJson: values.json ?? false };
}

function readShow({ values, ids }: Asked): Command {
  return { kind: 'show', place: readId(ids), isJson: values.json ?? false };
}

function readWork(kind: 'replay' | 'discard', { values, ids }: Asked): Command {
  if (!values.all) {
    if (values.topic !== undefined) throw new Error('--topic goes with --all.');
    return { kind, place: readId(ids), isAgain: values.again ?? false };
  }
  if (ids.length > 0 || values.again) throw new Error('--all goes with neither an ID nor --again.');
  return { kind: `${kind}-all`, sourceTopics: readTopics(values.topic) };
}

function readTopics(given: string | undefined): string[] {
  if (given === undefined) return sourceTopics;
  const topic = sourceTopics.find((known) => known === given);
  if (!topic) throw new Error(`There is no topic "${given}".`);
  return [topic];
}

function readId(ids: string[]): Place {
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) throw new Error('Give one ID.');
  const place = parsePlace(id);
  const isKnown = Object.values(deadLetterTopics).some(({ topic }) => topic === place?.topic);
  if (!place || !isKnown) throw new Error(`"${id}" is no ID.`);
  return place;
}
