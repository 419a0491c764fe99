import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

/** One subgraph of supergraph.yaml, its schema file read. */
export interface SubgraphConfig {
  readonly name: string;
  readonly url: string;
  /** The schema file as supergraph.yaml names it. */
  readonly file: string;
  readonly sdl: string;
}

export interface SupergraphConfig {
  /** As written, such as `=2.14.4`. */
  readonly federationVersion: string;
  readonly subgraphs: readonly SubgraphConfig[];
}

/**
 * Reads a supergraph.yaml of rover's format, and the schema files it names (relative to it).
 *
 * @throws Error naming the entry that is missing or the file that cannot be read
 */
export function readSupergraphConfig(path: string): SupergraphConfig {
  const document: unknown = parse(readFileSync(path, 'utf8'));
  const subgraphs = Object.entries(record(field(document, 'subgraphs', path)));
  return {
    federationVersion: text(field(document, 'federation_version', path), `${path}: federation_version`),
    subgraphs: subgraphs.map(([name, entry]) => {
      const where = `${path}: subgraphs.${name}`;
      const file = text(field(field(entry, 'schema', where), 'file', where), `${where}.schema.file`);
      const url = text(field(entry, 'routing_url', where), `${where}.routing_url`);
      return { name, url, file, sdl: readFileSync(resolve(dirname(path), file), 'utf8') };
    }),
  };
}

function field(value: unknown, name: string, where: string): unknown {
  const found = record(value)[name];
  if (found === undefined || found === null) throw new Error(`${where}: ${name} is missing`);
  return found;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Error(`${where} must be text`);
  return value;
}
