import type { Collection, Doc } from '../port.ts';
import { bulkWrite } from './bulk-write.ts';
import type { Stored } from './codec.ts';
import * as operations from './operations.ts';

/**
 * Runs one operation on a collection. Its effect is whole before this returns, so nothing comes between the
 * reading and the writing of an update; the promise only carries the outcome.
 */
export type Run = <R>(operation: (target: operations.Target) => R) => Promise<R>;

/** One collection of the embedded store. */
export function embeddedCollection<T extends Doc>(run: Run): Collection<T> {
  const { EVERY } = operations;
  return {
    createIndexes: (indexes) => run((target) => operations.createIndexes(target, indexes)),
    insertOne: (document) => run((target) => operations.insertOne(target, document)),
    findOne: (filter, options) => run((target) => typed<T>(operations.findOne(target, filter, options))),
    find: (filter, options) => ({
      toArray: () => run((target) => operations.find(target, filter, options) as unknown[] as T[]),
    }),
    updateOne: (filter, update, options) =>
      run((target) => operations.update(target, filter, update, { limit: 1, ...options })),
    updateMany: (filter, update) =>
      run((target) =>
        target.database.atomically(() => operations.update(target, filter, update, { limit: EVERY })),
      ),
    findOneAndUpdate: (filter, update, options) =>
      run((target) => typed<T>(operations.findOneAndUpdate(target, filter, update, options))),
    findOneAndDelete: (filter, options) =>
      run((target) => typed<T>(operations.findOneAndDelete(target, filter, options))),
    deleteOne: (filter) => run((target) => operations.remove(target, filter, 1)),
    deleteMany: (filter) =>
      run((target) => target.database.atomically(() => operations.remove(target, filter, EVERY))),
    bulkWrite: (writes, options) => run((target) => bulkWrite(target, writes, options?.ordered ?? true)),
    countDocuments: (filter) => run((target) => operations.countDocuments(target, filter)),
  };
}

/** The caller of a collection says what its documents are, as with the driver. */
function typed<T>(document: Stored | null): T | null {
  return document as unknown as T | null;
}
