import { interceptDocuments } from '../src/documents/intercept-documents.ts';
import type { BulkWrite, Doc, Documents } from '../src/documents/port.ts';
import { bulkWriteInParts } from './bulk-write-in-parts.ts';
import type { Pause } from './scheduler.ts';

/**
 * The same documents, with a pause before every operation. A bulkWrite is split into its single writes, since a
 * server applies it one by one too, and a crash may come in between.
 */
export function pausedDocuments(documents: Documents, pause: Pause): Documents {
  return interceptDocuments(documents, async ({ collection, method, args }, run) => {
    if (method === 'bulkWrite') {
      const singles = (args[0] as BulkWrite<Doc>[]).map((write) => [write]);
      return bulkWriteInParts(documents.collection(collection), singles, undefined, pause);
    }
    await pause();
    return run();
  });
}
