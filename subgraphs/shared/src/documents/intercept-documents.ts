import type { Collection, Doc, Documents } from './port.ts';

/** One call of a collection's method. */
export interface Operation {
  collection: string;
  method: string;
  args: unknown[];
}

/** Surrounds an operation: calls `run` (once, never or later) and answers what the caller shall get. */
export type Around = (operation: Operation, run: () => Promise<unknown>) => Promise<unknown>;

/** The same documents with every operation of every collection handed through `around`. */
export function interceptDocuments(documents: Documents, around: Around): Documents {
  return {
    collection: <T extends Doc>(name: string) =>
      interceptCollection(documents.collection<T>(name), name, around),
    ping: () => documents.ping(),
    close: () => documents.close(),
  };
}

function interceptCollection<T extends Doc>(
  collection: Collection<T>,
  name: string,
  around: Around,
): Collection<T> {
  const through =
    <A extends unknown[], R>(method: string, call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      around({ collection: name, method, args }, () => call(...args)) as Promise<R>;
  return {
    createIndexes: through('createIndexes', collection.createIndexes),
    insertOne: through('insertOne', collection.insertOne),
    findOne: through('findOne', collection.findOne),
    // The query runs when its cursor is read.
    find: (filter, options) => ({
      toArray: () =>
        through('find', (...args: Parameters<typeof collection.find>) => collection.find(...args).toArray())(
          filter,
          options,
        ),
    }),
    updateOne: through('updateOne', collection.updateOne),
    updateMany: through('updateMany', collection.updateMany),
    findOneAndUpdate: through('findOneAndUpdate', collection.findOneAndUpdate),
    findOneAndDelete: through('findOneAndDelete', collection.findOneAndDelete),
    deleteOne: through('deleteOne', collection.deleteOne),
    deleteMany: through('deleteMany', collection.deleteMany),
    bulkWrite: through('bulkWrite', collection.bulkWrite),
    countDocuments: through('countDocuments', collection.countDocuments),
  };
}
