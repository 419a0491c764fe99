import { buildSubgraphSchema } from '@apollo/subgraph';
import type { DocumentNode, GraphQLSchema } from 'graphql';

/** The executable schema of one subgraph, with `_service` and `_entities`. */
export function createSubgraphSchema(typeDefs: DocumentNode, resolvers: Resolvers): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs, resolvers }]);
}

type SubgraphModules = Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>;
type SubgraphModule = Extract<SubgraphModules[number], { typeDefs: DocumentNode }>;

/** Resolvers of a subgraph, by type and field, with `__resolveReference` for entities. */
export type Resolvers = NonNullable<SubgraphModule['resolvers']>;
