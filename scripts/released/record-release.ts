import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { git } from './git.ts';
import { type Release, readReleases, releasesFile } from './releases.ts';

export type Recorded =
  | { readonly kind: 'recorded'; readonly release: Release }
  | { readonly kind: 'refused'; readonly reason: string };

const manifest = z.object({ version: z.string().regex(/^\d+\.\d+\.\d+$/) });

/**
 * Writes the commit that is checked out into contracts/releases.json as the release of a subgraph, under the version
 * of its package.json. Refused while files are changed, since they are in no commit, and under a version that is not
 * above the one recorded.
 */
export function recordRelease(root: string, name: string): Recorded {
  const changed = git(root, 'status', '--porcelain');
  if (changed) return refused(`Commit these first, so that the commit is what you deployed:\n${changed}`);
  const file = `subgraphs/${name}/package.json`;
  const { version } = manifest.parse(JSON.parse(readFileSync(join(root, file), 'utf8')));
  const releases = readReleases(root);
  const before = releases.find((release) => release.name === name);
  if (before && compareVersions(version, before.version) <= 0) {
    return refused(`${name} ${before.version} is recorded already: ${file} says ${version}, raise it first.`);
  }
  const release = { name, version, commit: git(root, 'rev-parse', 'HEAD') };
  const others = releases.filter((each) => each.name !== name);
  const position = before ? releases.indexOf(before) : releases.length;
  write(root, others.toSpliced(position, 0, release));
  return { kind: 'recorded', release };
}

const refused = (reason: string): Recorded => ({ kind: 'refused', reason });

/** Negative, 0 or positive, as for sorting; of versions of three numbers. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const differences = (a ?? []).map((part, index) => part - (b?.[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** One line for each release, as Biome leaves it. */
function write(root: string, releases: readonly Release[]): void {
  const lines = releases.map(
    ({ name, version, commit }) => `  "${name}": { "version": "${version}", "commit": "${commit}" }`,
  );
  writeFileSync(join(root, releasesFile), `{\n${lines.join(',\n')}\n}\n`);
}
