import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What of a subgraph runs in production. */
export interface Release {
  readonly name: string;
  readonly version: string;
  /** The commit that was deployed, unless a tag `<name>@<version>` or `v<version>` says otherwise. */
  readonly commit: string;
}

export const releasesFile = 'contracts/releases.json';

const entry = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/, 'is to be the whole SHA-1 of a commit'),
});
const releases = z.record(z.string(), entry);

/**
 * The latest release of each subgraph; one that was never released has none.
 *
 * @throws Error naming what is wrong in the file
 */
export function readReleases(root: string): Release[] {
  const path = join(root, releasesFile);
  const read = releases.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${releasesFile}: ${z.prettifyError(read.error)}`);
  return Object.entries(read.data).map(([name, { version, commit }]) => ({ name, version, commit }));
}
