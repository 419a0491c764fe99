import { subgraphNames } from '../start/subgraph-names.ts';
import { commitOf } from './git.ts';
import type { Trees } from './mixed-shop.ts';
import { type Release, readReleases } from './releases.ts';
import { unpackRelease } from './unpack-release.ts';

/** Subgraphs of different ages beside each other, as while teams deploy on their own. */
export interface Mix {
  readonly name: string;
  /** The one that is of another age than the others. */
  readonly part: string;
  /** Those that run as they were released; the others as they are in this tree. */
  readonly released: ReadonlySet<string>;
}

/** Each subgraph with a release: the one of this tree beside the others as they were released. */
export function deploysOf(releases: readonly Release[]): Mix[] {
  const names = releases.map(({ name }) => name);
  return names.map((part) => ({
    name: `${part} of this tree beside the releases of the others`,
    part,
    released: new Set(names.filter((name) => name !== part)),
  }));
}

/** Each subgraph as it was released beside the others of this tree. */
export function leftBehindOf(releases: readonly Release[]): Mix[] {
  return releases.map(({ name, version }) => ({
    name: `${name} ${version} beside the others of this tree`,
    part: name,
    released: new Set([name]),
  }));
}

/** Where the code of each subgraph lies when these run as they were released and the others as they are here. */
export async function treesOf(root: string, released: ReadonlySet<string>): Promise<Trees> {
  const releases = readReleases(root).filter(({ name }) => released.has(name));
  const trees = new Map(subgraphNames.map((name) => [name, root]));
  for (const release of releases) trees.set(release.name, await unpackRelease(root, commitOf(root, release)));
  return trees;
}
