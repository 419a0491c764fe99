import { GraphQLError, parse } from 'graphql';
import type { SubgraphConfig, SupergraphConfig } from '../compose/supergraph-config.ts';
import type { Finding } from './finding.ts';
import { lintCrossSubgraphNulls } from './lint/cross-subgraph-nulls.ts';
import { lintDeprecations } from './lint/deprecations.ts';
import { type Entities, entitiesOf } from './lint/entities.ts';
import { lintOwners } from './lint/owners.ts';
import { lintRequires } from './lint/requires.ts';
import type { SubgraphSchema } from './lint/subgraph-schema.ts';
import { lintUnreachableTypes } from './lint/unreachable-types.ts';
import { lintWithEslint } from './lint/with-eslint.ts';

/** One rule over all subgraphs, since most need to know who owns an entity. */
type Rule = (schemas: readonly SubgraphSchema[], entities: Entities) => readonly Finding[];

const rules: readonly Rule[] = [
  lintWithEslint,
  lintDeprecations,
  lintOwners,
  lintCrossSubgraphNulls,
  lintRequires,
  lintUnreachableTypes,
];

/**
 * Everything in the subgraphs' schemas that breaks a rule of ours; nothing when all is well. A schema that is not even
 * GraphQL is left out: the composition names it.
 */
export function lintSubgraphs(config: SupergraphConfig): readonly Finding[] {
  const schemas = config.subgraphs.flatMap(parsed);
  const entities = entitiesOf(schemas);
  return rules.flatMap((rule) => rule(schemas, entities));
}

function parsed({ name, file, sdl }: SubgraphConfig): SubgraphSchema[] {
  try {
    return [{ name, file, sdl, document: parse(sdl) }];
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}
