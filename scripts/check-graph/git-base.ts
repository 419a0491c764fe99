import { findGitBase, readAtRevision } from '../git-base.ts';

/** The graph that the working tree is compared with. */
export type GitBase =
  | { readonly kind: 'found'; readonly supergraphSdl: string; readonly name: string }
  /** There is nothing to compare with, and that is all right. */
  | { readonly kind: 'none'; readonly reason: string }
  /** It cannot be told what to compare with: not to compare could hide what breaks clients. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface WhichBase {
  /** A revision that somebody asks for. */
  readonly revision: string | undefined;
  /** The branch that a pull request is for, where one is checked (GITHUB_BASE_REF). */
  readonly pullRequestFor: string | undefined;
}

const supergraphFile = 'contracts/supergraph.graphql';

/**
 * Finds the supergraph that was committed where this branch left main (on main itself: the last commit), or at the
 * revision asked for.
 */
export function readGitBase(root: string, { revision, pullRequestFor }: WhichBase): GitBase {
  const base = findGitBase(root, revision, pullRequestFor);
  if (base.kind === 'none') return { kind: base.isFine ? 'none' : 'unknown', reason: base.reason };
  const supergraphSdl = readAtRevision(root, base.revision, supergraphFile);
  const name = `${base.from} (${base.revision.slice(0, 9)})`;
  return supergraphSdl === null
    ? { kind: 'none', reason: `there was no ${supergraphFile} at ${name}` }
    : { kind: 'found', supergraphSdl, name };
}
