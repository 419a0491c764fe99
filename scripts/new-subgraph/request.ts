import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isTypeDefinitionNode, parse } from 'graphql';
import { readSupergraphConfig, type SubgraphConfig } from '../compose/supergraph-config.ts';
import { type Names, singularOf } from './names.ts';

export type Request =
  | { readonly kind: 'accepted'; readonly names: Names }
  | { readonly kind: 'refused'; readonly why: string };

const usage = 'Usage: npm run new:subgraph -- reviews [--entity Review] [--port 4005]';

/** Other parts and servers have these names, in compose.yaml, in folders or before `_URL`. */
const reserved = ['router', 'shared', 'contracts', 'scripts', 'mongo', 'kafka', 'redis', 'shop'];
const routerPort = 4000;

/** What the arguments ask for, or why that cannot be, and how it is asked for. */
export function readRequest(root: string, args: string[]): Request {
  try {
    const options = { entity: { type: 'string' }, port: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length !== 1) throw new Error('It needs one name.');
    const { subgraphs } = readSupergraphConfig(join(root, 'supergraph.yaml'));
    const name = readName(root, positionals[0]!, subgraphs);
    const entity = readEntity(name, values.entity, subgraphs);
    return { kind: 'accepted', names: { name, entity, port: readPort(values.port, subgraphs) } };
  } catch (error) {
    return { kind: 'refused', why: `${(error as Error).message}\n${usage}` };
  }
}

function readName(root: string, name: string, subgraphs: readonly SubgraphConfig[]): string {
  if (!/^[a-z][a-z0-9]{1,31}$/.test(name)) {
    throw new Error(
      `${JSON.stringify(name)} is no name for a subgraph: 2 to 32 of a-z and 0-9, a letter first.`,
    );
  }
  if (reserved.includes(name)) throw new Error(`${name} is the name of something else here.`);
  if (subgraphs.some((each) => each.name === name)) throw new Error(`supergraph.yaml has ${name} already.`);
  if (existsSync(join(root, 'subgraphs', name))) throw new Error(`subgraphs/${name} is there already.`);
  return name;
}

function readEntity(name: string, given: string | undefined, subgraphs: readonly SubgraphConfig[]): string {
  const noun = singularOf(name);
  const entity = given ?? (noun && noun.charAt(0).toUpperCase() + noun.slice(1));
  if (entity === undefined) throw new Error(`What is one of ${name} called? Say so with --entity.`);
  if (!/^[A-Z][a-z][a-z0-9]{0,30}$/.test(entity)) {
    throw new Error(`${JSON.stringify(entity)} is no name for an entity: one English word such as Review.`);
  }
  const wanted = [entity, `Create${entity}Input`];
  for (const subgraph of subgraphs) {
    const types = parse(subgraph.sdl).definitions.filter(isTypeDefinitionNode);
    const taken = types.find((type) => wanted.includes(type.name.value));
    if (taken)
      throw new Error(`${subgraph.name} has a type ${taken.name.value} already: choose another --entity.`);
  }
  return entity;
}

function readPort(given: string | undefined, subgraphs: readonly SubgraphConfig[]): number {
  const taken = [routerPort, ...subgraphs.map(({ url }) => Number(new URL(url).port))];
  const port = given === undefined ? Math.max(...taken) + 1 : Number(given);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535)
    throw new Error(`${given} is no port above 1023.`);
  if (taken.includes(port)) throw new Error(`Port ${port} is another part's.`);
  return port;
}
