import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readClientOperations } from './client-operations.ts';
import { createLastGood } from './last-good.ts';
import { openSupergraphSource } from './open-supergraph-source.ts';
import { readReleasedDocuments } from './operation-manifest.ts';
import type { RouterDependencies } from './router.ts';

const operationsFolder = fileURLToPath(new URL('../../contracts/operations', import.meta.url));

/** What a router serves by its configuration, the operations that it must go on serving, and where it keeps it. */
export function supergraphOf(settings: {
  SUPERGRAPH: string;
  SUPERGRAPH_POLL_MS: number;
  SUPERGRAPH_STORE_TOKEN?: string | undefined;
  DATA_DIR: string;
}): Pick<RouterDependencies, 'supergraph' | 'lastGood' | 'operations'> {
  const { SUPERGRAPH: from, SUPERGRAPH_POLL_MS: pollMs, SUPERGRAPH_STORE_TOKEN: token } = settings;
  return {
    supergraph: openSupergraphSource({ from, pollMs, token }),
    lastGood: createLastGood(join(settings.DATA_DIR, 'last-good-supergraph.graphql')),
    operations: [...readClientOperations(operationsFolder), ...readReleasedDocuments(operationsFolder)],
  };
}
