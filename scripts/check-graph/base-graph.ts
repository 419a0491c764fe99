import type { Variant } from '@shop/router/client-operations';
import { toPublicVariant } from '@shop/router/public-variant';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { apiSdlOf } from '../compose/compose-public.ts';

/** What clients see of each variant of a graph. */
export type ApiSchemas = Readonly<Record<Variant, GraphQLSchema>>;

export type BaseGraph =
  | { readonly kind: 'graph'; readonly supergraphSdl: string; readonly schemas: ApiSchemas }
  | { readonly kind: 'none'; readonly schemas: null }
  | { readonly kind: 'invalid'; readonly message: string };

/** Reads the supergraph that a change is compared with; a text that is no supergraph cannot be compared with. */
export function readBase(supergraphSdl: string | null): BaseGraph {
  if (supergraphSdl === null) return { kind: 'none', schemas: null };
  try {
    const publicSdl = toPublicVariant(supergraphSdl);
    const internal = buildSchema(apiSdlOf(supergraphSdl));
    // Without anything internal the two are one.
    const schemas = {
      internal,
      public: publicSdl === supergraphSdl ? internal : buildSchema(apiSdlOf(publicSdl)),
    };
    return { kind: 'graph', supergraphSdl, schemas };
  } catch (error) {
    return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) };
  }
}
