import { errorCauses, Supergraph } from '@apollo/federation-internals';
import { toPublicVariant } from '@shop/router/public-variant';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { type Composition, composeSupergraph } from './compose-supergraph.ts';
import type { SupergraphConfig } from './supergraph-config.ts';

/**
 * Composes the subgraphs and leaves out what is tagged `internal`, exactly as the router does: what is public and only
 * works with something internal is an error here already.
 */
export function composePublic(config: SupergraphConfig): Composition {
  const whole = composeSupergraph(config);
  return whole.kind === 'composed' ? toPublic(whole) : whole;
}

/** The public variant of what was composed. */
export function toPublic(whole: Composition & { kind: 'composed' }): Composition {
  const supergraphSdl = toPublicVariant(whole.supergraphSdl);
  try {
    return { ...whole, supergraphSdl, apiSdl: apiSdlOf(supergraphSdl) };
  } catch (error) {
    const causes = error instanceof Error ? errorCauses(error) : undefined;
    if (!causes) throw error;
    const problems = causes.map(({ message, extensions }) => ({
      code: String(extensions.code ?? 'UNKNOWN'),
      message,
      locations: [],
      coordinates: [extensions.inaccessible_elements, extensions.inaccessible_referencers]
        .filter((found): found is string[] => Array.isArray(found))
        .flat(),
    }));
    return { kind: 'invalid', problems };
  }
}

/**
 * The schema that clients of a supergraph see, sorted, so that its text changes only with its meaning.
 *
 * @throws an error of Apollo's when the text is no valid supergraph
 */
export function apiSdlOf(supergraphSdl: string): string {
  const api = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  return `${printSchema(lexicographicSortSchema(api))}\n`;
}
