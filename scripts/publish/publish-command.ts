import type { Command, Misuse, What } from './command.ts';
import {
  type Asked,
  one,
  readCommand,
  readWriting,
  type Values,
  type Verb,
  writing,
} from './read-arguments.ts';

const usage = `Usage:
  npm run publish:subgraph -- NAME --schema FILE [--routing-url URL] --store STORE
  npm run publish:subgraph -- --all --store STORE
NAME keeps its URL when none is given; --all publishes what supergraph.yaml names. STORE is a directory, or the http(s) URL
below which supergraphs are kept; without it, SUPERGRAPH_STORE says it. Also: --new-store (it may be empty), --by WHO,
--retry N (when somebody else publishes meanwhile), --dry-run.`;

const verb: Verb = { flags: [...writing, 'schema', 'routing-url', 'all', 'new-store'], read: readPublish };

/** Makes a command of the arguments of `npm run publish:subgraph`. */
export function readPublishCommand(args: string[], defaultStore: string | undefined): Command | Misuse {
  return readCommand(args, defaultStore, usage, (names) => ({ verb, names }));
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
