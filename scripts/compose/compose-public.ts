import { applyTagFilterOnSubgraphs } from '@theguild/federation-composition';
import { parse, print } from 'graphql';
import { type Composition, composeSupergraph } from './compose-supergraph.ts';
import type { SupergraphConfig } from './supergraph-config.ts';

/** What clients of the public graph never see, not even as a name. */
const internalTag = 'internal';

/**
 * Composes the subgraphs without what is tagged `internal`, as Apollo's contracts do: what is tagged becomes
 * @inaccessible before composition, so that whatever only works with it is an error here already.
 */
export function composePublic(config: SupergraphConfig): Composition {
  const filter = { include: new Set<string>(), exclude: new Set([internalTag]) };
  const tagged = config.subgraphs.map(({ sdl, ...subgraph }) => ({ ...subgraph, typeDefs: parse(sdl) }));
  const subgraphs = applyTagFilterOnSubgraphs(tagged, filter).map(({ typeDefs, ...subgraph }) => ({
    ...subgraph,
    sdl: print(typeDefs),
  }));
  return composeSupergraph({ ...config, subgraphs });
}
