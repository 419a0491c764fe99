import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from './releases.ts';

/** What git prints, without the end of the last line. @throws Error with what it complained about */
export function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trimEnd();
}

/** Whether there is a history at all: a tarball has none, and that of a repository around it is another's. */
export const hasHistory = (root: string): boolean => existsSync(join(root, '.git'));

/**
 * The commit of a release: that of its tag where there is one, else the one recorded.
 *
 * @throws Error when the history here does not reach back to it
 */
export function commitOf(root: string, { name, version, commit }: Release): string {
  for (const tag of [`${name}@${version}`, `v${version}`]) {
    const tagged = commitAt(root, `refs/tags/${tag}`);
    if (tagged) return tagged;
  }
  const found = commitAt(root, commit);
  if (found) return found;
  throw new Error(
    `Commit ${commit}, the release ${name}@${version}, is not in the history here: fetch the whole history (git fetch --unshallow --tags).`,
  );
}

function commitAt(root: string, revision: string): string | undefined {
  try {
    return git(root, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
  } catch (error) {
    // By this exit code alone git says that there is none; any other is a trouble of git's own, with its words.
    if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
    throw error;
  }
}
