import { join } from 'node:path';
import { composeSupergraph, describeProblems } from '../compose/compose-supergraph.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';

/** What the schemas of this checkout come to now. */
export type Composed =
  | { kind: 'composed'; supergraphSdl: string; sdls: ReadonlyMap<string, string> }
  | { kind: 'invalid'; why: string };

export type GoodGraph = Composed & { kind: 'composed' };

/** Composes those of supergraph.yaml that run; a file that cannot be read is told as what does not compose. */
export function composeNow(root: string, names: readonly string[]): Composed {
  try {
    const config = readSupergraphConfig(join(root, 'supergraph.yaml'));
    const subgraphs = config.subgraphs.filter(({ name }) => names.includes(name));
    const result = composeSupergraph({ ...config, subgraphs });
    if (result.kind === 'invalid') return { kind: 'invalid', why: describeProblems(result.problems) };
    const sdls = new Map(subgraphs.map(({ name, sdl }) => [name, sdl]));
    return { kind: 'composed', supergraphSdl: result.supergraphSdl, sdls };
  } catch (error) {
    return { kind: 'invalid', why: error instanceof Error ? error.message : String(error) };
  }
}
