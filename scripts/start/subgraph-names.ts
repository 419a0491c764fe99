import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const supergraph = z.object({ subgraphs: z.record(z.string(), z.unknown()) });

/** The subgraphs of supergraph.yaml, in its order: everything that goes by subgraph goes by these names. */
export const subgraphNames: readonly string[] = Object.keys(
  supergraph.parse(parse(readFileSync(new URL('../../supergraph.yaml', import.meta.url), 'utf8'))).subgraphs,
);
