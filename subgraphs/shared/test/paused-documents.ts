import { interceptDocuments } from '../src/documents/intercept-documents.ts';
import type { BulkWrite, BulkWriteResult, Doc, Documents } from '../src/documents/port.ts';
import type { Pause } from './scheduler.ts';

/** Rewrites a single write of a bulkWrite before it runs: how the tests take a guard out. */
export type Tamper = (collection: string, write: BulkWrite<Doc>) => BulkWrite<Doc>;

/**
 * The same documents, with a pause before every operation. A bulkWrite is split into its single writes, since a
 * server applies it one by one too, and a crash may come in between.
 */
export function pausedDocuments(documents: Documents, pause: Pause, tamper: Tamper): Documents {
  return interceptDocuments(documents, async (operation, run) => {
    if (operation.method !== 'bulkWrite') {
      await pause();
      return run();
    }
    const collection = documents.collection(operation.collection);
    const total: BulkWriteResult = {
      insertedCount: 0,
      matchedCount: 0,
      modifiedCount: 0,
      deletedCount: 0,
      upsertedCount: 0,
    };
    for (const write of operation.args[0] as BulkWrite<Doc>[]) {
      await pause();
      const result = await collection.bulkWrite([tamper(operation.collection, write)]);
      for (const key of Object.keys(total) as (keyof BulkWriteResult)[]) total[key] += result[key];
    }
    return total;
  });
}
