import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SupergraphConfig } from '../compose/supergraph-config.ts';

/** Who answers for a subgraph. */
export interface Owner {
  readonly name: string;
  readonly email?: string | undefined;
}

/** The owners of each subgraph by its name. */
export type Owners = ReadonlyMap<string, readonly Owner[]>;

const manifest = z.object({
  maintainers: z.array(z.object({ name: z.string().min(1), email: z.email().optional() })).default([]),
});

/**
 * Reads who owns each subgraph: the `maintainers` of the package.json beside its schema. A subgraph without that file is
 * nobody's.
 *
 * @throws Error naming a package.json that cannot be read
 */
export function readOwners(root: string, { subgraphs }: SupergraphConfig): Owners {
  return new Map(
    subgraphs.map(({ name, file }) => [name, maintainersOf(join(root, dirname(file), 'package.json'))]),
  );
}

function maintainersOf(path: string): readonly Owner[] {
  if (!existsSync(path)) return [];
  try {
    return manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).maintainers;
  } catch (error) {
    throw new Error(`${path} does not say who maintains it: ${(error as Error).message}`, { cause: error });
  }
}

/** The names of those who own these subgraphs, each once. */
export function ownersOf(owners: Owners, subgraphs: readonly string[]): string[] {
  return [...new Set(subgraphs.flatMap((name) => (owners.get(name) ?? []).map((owner) => owner.name)))];
}
