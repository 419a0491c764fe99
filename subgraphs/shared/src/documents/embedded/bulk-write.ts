import type { BulkWrite, BulkWriteResult, Doc } from '../port.ts';
import { EVERY, insertOne, remove, type Target, update } from './operations.ts';

/**
 * Runs the writes one after the other. Ordered: the first failure ends it. Unordered: all are tried, then the
 * first failure is thrown. As on a server, the writes that succeeded stay.
 */
export function bulkWrite<T extends Doc>(
  target: Target,
  writes: BulkWrite<T>[],
  isOrdered: boolean,
): BulkWriteResult {
  const result = { insertedCount: 0, matchedCount: 0, modifiedCount: 0, deletedCount: 0, upsertedCount: 0 };
  const failures: unknown[] = [];
  // One transaction for speed: a failed write takes back only itself.
  target.database.atomically(() => {
    for (const write of writes) {
      try {
        addTo(result, applyWrite(target, write));
      } catch (error) {
        failures.push(error);
        if (isOrdered) break;
      }
    }
  });
  if (failures.length > 0) throw failures[0];
  return result;
}

function applyWrite<T extends Doc>(target: Target, write: BulkWrite<T>): Partial<BulkWriteResult> {
  if ('insertOne' in write) {
    insertOne(target, write.insertOne.document);
    return { insertedCount: 1 };
  }
  if ('updateOne' in write) {
    const { filter, update: changes, upsert } = write.updateOne;
    return update(target, filter, changes, { limit: 1, upsert });
  }
  if ('updateMany' in write) {
    const { filter, update: changes } = write.updateMany;
    return target.database.atomically(() => update(target, filter, changes, { limit: EVERY }));
  }
  if ('deleteOne' in write) return remove(target, write.deleteOne.filter, 1);
  if ('deleteMany' in write) {
    return target.database.atomically(() => remove(target, write.deleteMany.filter, EVERY));
  }
  throw new Error(`documents: bulkWrite does not know the write ${Object.keys(write).join()}`);
}

function addTo(result: BulkWriteResult, counts: Partial<BulkWriteResult>): void {
  for (const name of Object.keys(result) as (keyof BulkWriteResult)[]) result[name] += counts[name] ?? 0;
}
