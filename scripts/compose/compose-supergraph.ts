import { composeServices } from '@apollo/composition';
import { type ASTNode, GraphQLError, lexicographicSortSchema, parse, printSchema, Source } from 'graphql';
import type { SubgraphConfig, SupergraphConfig } from './supergraph-config.ts';

/** One reason why the subgraphs do not compose. */
export interface CompositionProblem {
  /** Apollo's code, such as SATISFIABILITY_ERROR; INVALID_GRAPHQL when a schema is not even GraphQL. */
  readonly code: string;
  readonly message: string;
  /** `<schema file>:<line>:<column>` of everything involved. */
  readonly locations: readonly string[];
  /** Parts of the graph that are involved, where the places are not known. */
  readonly coordinates?: readonly string[];
}

/** Something that composes and is odd all the same; the code is Apollo's, such as INCONSISTENT_DESCRIPTION. */
export type CompositionHint = CompositionProblem;

export type Composition =
  | {
      readonly kind: 'composed';
      readonly supergraphSdl: string;
      /** The schema that clients of it see, without anything of federation. */
      readonly apiSdl: string;
      readonly hints: readonly CompositionHint[];
    }
  | { readonly kind: 'invalid'; readonly problems: readonly CompositionProblem[] };

/** Composes the subgraphs into the SDL that the router serves, or says everything that prevents it. */
export function composeSupergraph({ subgraphs }: SupergraphConfig): Composition {
  const syntax = subgraphs.flatMap(syntaxProblems);
  if (syntax.length > 0) return { kind: 'invalid', problems: syntax };
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const result = composeServices(services);
  if (result.errors) {
    return { kind: 'invalid', problems: result.errors.map((error) => problemOf(error, subgraphs)) };
  }
  const hints = result.hints.map(({ definition, message, nodes }) => ({
    code: definition.code,
    message,
    locations: locationsOf(nodes, subgraphs),
  }));
  const api = lexicographicSortSchema(result.schema.toAPISchema().toGraphQLJSSchema());
  return {
    kind: 'composed',
    supergraphSdl: `${result.supergraphSdl.trimEnd()}\n`,
    apiSdl: `${printSchema(api)}\n`,
    hints,
  };
}

function syntaxProblems({ file, name, sdl }: SubgraphConfig): CompositionProblem[] {
  try {
    parse(new Source(sdl, file));
    return [];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.map(({ line, column }) => `${file}:${line}:${column}`) ?? [];
    return [{ code: 'INVALID_GRAPHQL', message: `[${name}] ${error.message}`, locations: at }];
  }
}

function problemOf(error: GraphQLError, subgraphs: readonly SubgraphConfig[]): CompositionProblem {
  const { message, extensions, nodes } = error;
  return { code: String(extensions.code ?? 'UNKNOWN'), message, locations: locationsOf(nodes, subgraphs) };
}

function locationsOf(
  nodes: readonly ASTNode[] | undefined,
  subgraphs: readonly SubgraphConfig[],
): readonly string[] {
  return (nodes ?? []).flatMap((node) => {
    const start = node.loc?.startToken;
    // The library marks each node with the subgraph it comes from.
    const name = 'subgraph' in node ? node.subgraph : undefined;
    const file = subgraphs.find((subgraph) => subgraph.name === name)?.file ?? 'the supergraph';
    return start === undefined ? [] : [`${file}:${start.line}:${start.column}`];
  });
}

/** The problems as a person reads them, one paragraph each. */
export function describeProblems(problems: readonly CompositionProblem[]): string {
  return problems
    .map(({ code, message, locations }) =>
      [`${code}: ${message}`, ...locations.map((at) => `  at ${at}`)].join('\n'),
    )
    .join('\n\n');
}
