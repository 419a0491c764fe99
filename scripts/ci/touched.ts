/** What differs from a base, in a tree with these subgraphs. */
export type Change = { readonly subgraphs: readonly string[] } & (
  | { readonly kind: 'known' /** From the root, with slashes. */; readonly paths: readonly string[] }
  /** There is nothing to compare with. */
  | { readonly kind: 'unknown'; readonly reason: string }
);

/** Names of subgraphs, in the order of the tree. */
export interface Touched {
  /** Those whose suites may end differently. */
  readonly suites: readonly string[];
  /** Those whose schema is another one. */
  readonly schemas: readonly string[];
}

/**
 * What every subgraph's suites stand on. The rest of contracts/, which is about the graph and changes with each schema, is
 * none of it; tests of the graph as a whole are another workflow's.
 */
const sharedByAll = [
  /^subgraphs\/shared\//,
  /^contracts\/(?:events\/|package\.json$|[^/]+\.ts$)/,
  /^(?:package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.npmrc|tsconfig\.json|biome\.json|vitest\.config\.ts)$/,
  // What `npm test` itself is.
  /^scripts\/(?:run\.mjs$|run\/|test\.ts$|test\/|check\/)/,
  /^\.github\//,
];

/**
 * Which subgraphs a change touches. One of what all stand on touches all their suites; so does one that is unknown, which
 * counts as changing no schema, since what is shipped should have been changed.
 */
export function touchedBy(change: Change): Touched {
  const { subgraphs } = change;
  if (change.kind === 'unknown') return { suites: subgraphs, schemas: [] };
  const { paths } = change;
  const isForAll = paths.some((path) => sharedByAll.some((pattern) => pattern.test(path)));
  const isTouched = (name: string) => paths.some((path) => path.startsWith(`subgraphs/${name}/`));
  return {
    suites: isForAll ? subgraphs : subgraphs.filter(isTouched),
    schemas: subgraphs.filter((name) => paths.includes(`subgraphs/${name}/schema.graphql`)),
  };
}
