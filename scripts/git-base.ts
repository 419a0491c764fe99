import { spawnSync } from 'node:child_process';

/** What a working tree is compared with. */
export type GitBase =
  | { kind: 'revision'; revision: string /** For people: how it was found. */; from: string }
  | { kind: 'none'; reason: string };

/** Where the branch that everybody merges into may be found: in a clone of CI it is often the remote's alone. */
const mainBranches = ['main', 'origin/main'];
const gitWithinMs = 10_000;
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * The commit that the working tree is compared with: the one that is asked for, else where HEAD and main parted. There
 * may be none: outside of git, in a clone without history, or when what is asked for is unknown.
 */
export function findGitBase(root: string, requested?: string): GitBase {
  const head = git(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.kind === 'failed') return { kind: 'none', reason: head.message || 'there is no commit yet' };
  if (requested !== undefined) {
    // Behind --end-of-options nothing that is asked for can be taken for an option of git.
    const found = git(root, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${requested}^{commit}`,
    ]);
    if (found.kind === 'failed') return { kind: 'none', reason: `git knows no commit ${requested}` };
    return { kind: 'revision', revision: found.output.trim(), from: requested };
  }
  for (const main of mainBranches) {
    const parted = git(root, ['merge-base', 'HEAD', main]);
    if (parted.kind === 'done') {
      return { kind: 'revision', revision: parted.output.trim(), from: `where HEAD and ${main} parted` };
    }
  }
  return { kind: 'none', reason: `HEAD has no commit in common with ${mainBranches.join(' or ')}` };
}

/** The names of the files that were in this folder (not below it) at the revision; none where it was not there. */
export function listAtRevision(root: string, revision: string, folder: string): string[] {
  const listed = mustGit(root, ['ls-tree', '-z', '--name-only', revision, '--', `${folder}/`]);
  return listed
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.slice(folder.length + 1));
}

/** The text of a file at the revision, its path relative to `root`; null where it was not there. */
export function readAtRevision(root: string, revision: string, path: string): string | null {
  const listed = mustGit(root, ['ls-tree', '-z', '--name-only', revision, '--', path]);
  return listed === '' ? null : mustGit(root, ['cat-file', 'blob', `${revision}:./${path}`]);
}

type GitAnswer = { kind: 'done'; output: string } | { kind: 'failed'; message: string };

function git(root: string, args: string[]): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    timeout: gitWithinMs,
    maxBuffer: maxOutputBytes,
  });
  if (status === 0) return { kind: 'done', output: stdout };
  return { kind: 'failed', message: error?.message ?? stderr.trim() };
}

function mustGit(root: string, args: string[]): string {
  const answer = git(root, args);
  if (answer.kind === 'failed') throw new Error(`git ${args.join(' ')}: ${answer.message}`);
  return answer.output;
}
