import { execFile } from 'node:child_process';

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
/** Git answers such questions in milliseconds; a repository on a disk that hangs must not hang us. */
const gitTimeoutMs = 10_000;
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * Finds the supergraph that was committed where this branch left main (on main itself: the last commit), or at the
 * revision asked for.
 */
export async function readGitBase(root: string, which: WhichBase): Promise<GitBase> {
  const git = (...args: string[]) => runGit(root, args);
  const revision = await baseRevision(git, which);
  if (revision.kind !== 'found') return revision;
  const { commit } = revision;
  const shown = await git('show', `${commit}:./${supergraphFile}`);
  const name = `${revision.name} (${commit.slice(0, 9)})`;
  return shown === null
    ? { kind: 'none', reason: `there was no ${supergraphFile} at ${name}` }
    : { kind: 'found', supergraphSdl: shown, name };
}

type Git = (...args: string[]) => Promise<string | null>;
type Revision = { kind: 'found'; commit: string; name: string } | Exclude<GitBase, { kind: 'found' }>;

async function baseRevision(git: Git, { revision, pullRequestFor }: WhichBase): Promise<Revision> {
  const commitOf = async (name: string) =>
    (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`))?.trim();
  if (revision !== undefined) {
    const commit = await commitOf(revision);
    return commit
      ? { kind: 'found', commit, name: revision }
      : { kind: 'unknown', reason: `--base ${revision} is no commit of a git repository here` };
  }
  // A pull request always has a base: without it nothing may be said to be well.
  const missing = (reason: string): Revision =>
    pullRequestFor
      ? { kind: 'unknown', reason: `${reason}: fetch it with its history` }
      : { kind: 'none', reason };
  if ((await git('rev-parse', '--git-dir')) === null) {
    return missing('this is no git repository, or git does not work here');
  }
  const names = pullRequestFor ? [`origin/${pullRequestFor}`, pullRequestFor] : ['main', 'origin/main'];
  const known = await Promise.all(names.map(commitOf));
  const name = names.find((_, index) => known[index] !== undefined);
  if (name === undefined) return missing(`neither ${names.join(' nor ')} is known here`);
  const commit = (await git('merge-base', 'HEAD', name))?.trim();
  return commit
    ? { kind: 'found', commit, name }
    : { kind: 'unknown', reason: `nothing connects HEAD and ${name}: fetch the history, or name --base` };
}

/** What git prints, or null when it says no. */
function runGit(root: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { cwd: root, timeout: gitTimeoutMs, maxBuffer: maxOutputBytes };
    execFile('git', args, options, (error, stdout) => resolve(error ? null : stdout));
  });
}
