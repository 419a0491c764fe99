import { spawnSync } from 'node:child_process';

/** What a working tree is compared with. */
export type GitBase =
  | { kind: 'revision'; revision: string /** For people: the name by which it was found. */; from: string }
  /** `isFine`: there is nothing to compare with. Otherwise there should be, and not to compare could hide something. */
  | { kind: 'none'; reason: string; isFine: boolean };

/** Where the branch that everybody merges into may be found: in a clone of CI it is often the remote's alone. */
const mainBranches = ['main', 'origin/main'];
const gitWithinMs = 10_000;
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * The commit that the working tree is compared with: the one that is asked for, else where HEAD and main parted; for a
 * pull request (`pullRequestFor`, GITHUB_BASE_REF) where HEAD and its target parted.
 */
export function findGitBase(root: string, requested?: string, pullRequestFor?: string): GitBase {
  const none = (isFine: boolean, reason: string): GitBase => ({ kind: 'none', reason, isFine });
  if (requested !== undefined) {
    const revision = commitOf(root, requested);
    if (revision === null) return none(false, `git knows no commit ${requested}`);
    return { kind: 'revision', revision, from: requested };
  }
  const place = git(root, ['rev-parse', '--git-dir']);
  if (place.kind === 'failed') return none(!pullRequestFor, place.message);
  const names = pullRequestFor ? [`origin/${pullRequestFor}`, pullRequestFor] : mainBranches;
  const name = names.find((each) => commitOf(root, each) !== null);
  if (name === undefined) return none(!pullRequestFor, `git knows neither ${names.join(' nor ')}`);
  const parted = git(root, ['merge-base', 'HEAD', name]);
  if (parted.kind === 'failed') return none(false, `nothing connects HEAD and ${name}: fetch the history`);
  return { kind: 'revision', revision: parted.output.trim(), from: name };
}

/** Behind --end-of-options nothing that is asked for can be taken for an option of git. */
function commitOf(root: string, name: string): string | null {
  const found = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  return found.kind === 'done' ? found.output.trim() : null;
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
  return { kind: 'failed', message: error?.message ?? stderr.trim().replace(/^fatal: /, '') };
}

function mustGit(root: string, args: string[]): string {
  const answer = git(root, args);
  if (answer.kind === 'failed') throw new Error(`git ${args.join(' ')}: ${answer.message}`);
  return answer.output;
}
