import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

const versions = z.record(z.string(), z.string());

/** As much of a pnpm-lock.yaml (lockfileVersion 9.0) as it takes to compare two of them. */
export const lockfile = z.object({
  importers: z.record(
    z.string(),
    z.object({ dependencies: z.record(z.string(), z.object({ version: z.string() })).optional() }),
  ),
  snapshots: z.record(
    z.string(),
    z.looseObject({ dependencies: versions.optional(), optionalDependencies: versions.optional() }),
  ),
});
export type Lockfile = z.output<typeof lockfile>;

const workspacePrefix = 'link:';

/** The workspace packages that a subgraph is made of. */
export const importersOf = ({ importers }: Lockfile): string[] =>
  Object.keys(importers).filter((importer) => /^(contracts|subgraphs\/[^/]+)$/.test(importer));

/**
 * The third-party packages, direct or not, that a release's subgraphs need and that the installed lockfile has in
 * another version, or resolved otherwise, or not at all. With none the release runs on what is installed.
 */
export function differingPackages(released: Lockfile, installed: Lockfile): string[] {
  const differing = new Set<string>();
  const seen = new Set<string>();
  const compare = (key: string) => {
    if (seen.has(key)) return;
    seen.add(key);
    const snapshot = released.snapshots[key];
    if (JSON.stringify(snapshot) !== JSON.stringify(installed.snapshots[key])) differing.add(key);
    const below = { ...snapshot?.dependencies, ...snapshot?.optionalDependencies };
    for (const [name, version] of Object.entries(below)) compare(`${name}@${version}`);
  };
  for (const importer of importersOf(released)) {
    for (const { name, version } of thirdParty(released, importer)) {
      const now = installed.importers[importer]?.dependencies?.[name]?.version;
      if (now !== version) differing.add(`${name}@${version}`);
      compare(`${name}@${version}`);
    }
  }
  return [...differing].sort();
}

function thirdParty({ importers }: Lockfile, importer: string) {
  return Object.entries(importers[importer]?.dependencies ?? {})
    .map(([name, { version }]) => ({ name, version }))
    .filter(({ version }) => !version.startsWith(workspacePrefix));
}

/**
 * Gives an unpacked release its node_modules as links: to what is installed at `root` for third-party packages, to
 * its own folders for packages of the workspace. Only for a release whose packages do not differ.
 */
export function linkPackages(folder: string, released: Lockfile, root: string): void {
  for (const importer of importersOf(released)) {
    const installed = join(root, importer, 'node_modules');
    const own = join(folder, importer, 'node_modules');
    for (const [name, { version }] of Object.entries(released.importers[importer]?.dependencies ?? {})) {
      const target = version.startsWith(workspacePrefix)
        ? join(folder, importer, version.slice(workspacePrefix.length))
        : realpathSync(join(installed, name));
      const link = join(own, name);
      mkdirSync(dirname(link), { recursive: true });
      // Relative, so that the checkout may be moved.
      symlinkSync(relative(dirname(link), target), link);
    }
  }
}
