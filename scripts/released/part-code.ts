import { join } from 'node:path';
import type { openEmbeddedCache } from '@shop/shared/cache/embedded-cache';
import type { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import type { createLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import type { EveryDependency } from '../start/subgraphs.ts';

/** The code of one subgraph and what it stands on, all of the same version, as in its own container. */
export interface PartCode {
  createSubgraph(
    dependencies: Omit<EveryDependency, 'authenticate'> &
      Partial<EveryDependency> & { apiSecret: string; keysSecrets: readonly string[] },
  ): Promise<Subgraph>;
  openEmbeddedDocuments: typeof openEmbeddedDocuments;
  openEmbeddedCache: typeof openEmbeddedCache;
  authenticateByUsers: typeof authenticateByUsers;
  createLog: typeof createLog;
}

/** The modules of a tree that this loads, whatever its age: where one moves, both places have to be known here. */
const modules = {
  documents: 'subgraphs/shared/src/documents/embedded/open-embedded-documents.ts',
  cache: 'subgraphs/shared/src/cache/embedded-cache.ts',
  identity: 'subgraphs/shared/src/identity/authenticate-by-users.ts',
  log: 'subgraphs/shared/src/process/log.ts',
};

/** Loads a subgraph from the root of a tree: this one, or that of an unpacked release. */
export async function loadPartCode(root: string, name: string): Promise<PartCode> {
  const load = (path: string) => import(join(root, path));
  const [subgraph, documents, cache, identity, log] = await Promise.all([
    load(`subgraphs/${name}/src/subgraph.ts`),
    ...Object.values(modules).map(load),
  ]);
  return {
    createSubgraph: subgraph.createSubgraph,
    openEmbeddedDocuments: documents.openEmbeddedDocuments,
    openEmbeddedCache: cache.openEmbeddedCache,
    authenticateByUsers: identity.authenticateByUsers,
    createLog: log.createLog,
  };
}
