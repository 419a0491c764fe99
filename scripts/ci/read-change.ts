import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findGitBase } from '../git-base.ts';
import type { Change } from './touched.ts';

const gitWithinMs = 60_000;
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * What was committed since HEAD parted from the base: a revision, or by default main. A file that was moved has changed
 * in both places.
 *
 * @throws Error with what git complained about, where HEAD and the base have nothing in common
 */
export function readChange(root: string, base: string | undefined): Change {
  const subgraphs = subgraphsOf(root);
  const found = findGitBase(root, base);
  if (found.kind === 'none') return { kind: 'unknown', reason: found.reason, subgraphs };
  const output = execFileSync(
    'git',
    ['diff', '--name-only', '--no-renames', '-z', `${found.revision}...HEAD`],
    { cwd: root, encoding: 'utf8', timeout: gitWithinMs, maxBuffer: maxOutputBytes },
  );
  return { kind: 'known', paths: output.split('\0').filter((path) => path !== ''), subgraphs };
}

/** Every folder with a schema; one that was removed has no suites to run. */
function subgraphsOf(root: string): string[] {
  return readdirSync(join(root, 'subgraphs'))
    .filter((name) => existsSync(join(root, 'subgraphs', name, 'schema.graphql')))
    .sort();
}
