import type { AnyBulkWriteOperation, Collection as MongoCollection } from 'mongodb';
import type { BulkWrite, Collection, Doc, Filter, Index, UpdateFilter, UpdateResult } from '../port.ts';
import { checkFilter, checkLimit, checkProjection, checkSort } from '../subset.ts';
import { checkUpdate, checkUpsert } from '../subset-update.ts';
import { checkDocument } from '../subset-values.ts';
import { attempt, attemptUpsert } from './attempt.ts';
import { bulkWrite } from './mongo-bulk-write.ts';

/** The port's methods are the driver's. Both adapters hold filters and updates to the same subset. */
export function mongoCollection<T extends Doc>(driver: MongoCollection<Doc>): Collection<T> {
  return {
    createIndexes: (indexes) => createIndexes(driver, indexes),
    async insertOne(document) {
      checkDocument(document);
      await attempt(() => driver.insertOne(document));
    },
    async findOne(filter, options = {}) {
      const where = checked(filter, options);
      return typed<T>(await attempt(() => driver.findOne(where, options)));
    },
    find: (filter, options) => ({
      async toArray() {
        checkLimit(options.limit);
        const where = checked(filter, options);
        const cursor = () => driver.find(where, { ...options, batchSize: options.limit });
        return (await attempt(() => cursor().toArray())) as unknown[] as T[];
      },
    }),
    async updateOne(filter, update, options = {}) {
      const [where, changes] = checkedUpdate(filter, update, options);
      const result = await attemptUpsert(options.upsert, () => driver.updateOne(where, changes, options));
      return {
        ...countsOf(result),
        upsertedId: (result.upsertedId as unknown as string | undefined) ?? null,
      };
    },
    async updateMany(filter, update) {
      const [where, changes] = checkedUpdate(filter, update);
      return { ...countsOf(await attempt(() => driver.updateMany(where, changes))), upsertedId: null };
    },
    async findOneAndUpdate(filter, update, options = {}) {
      const [where, changes] = checkedUpdate(filter, update, options);
      const run = () => driver.findOneAndUpdate(where, changes, options);
      return typed<T>(await attemptUpsert(options.upsert, run));
    },
    async findOneAndDelete(filter, options = {}) {
      const where = checked(filter, options);
      return typed<T>(await attempt(() => driver.findOneAndDelete(where, options)));
    },
    async deleteOne(filter) {
      const where = checked(filter);
      const { deletedCount } = await attempt(() => driver.deleteOne(where));
      return { deletedCount };
    },
    async deleteMany(filter) {
      const where = checked(filter);
      const { deletedCount } = await attempt(() => driver.deleteMany(where));
      return { deletedCount };
    },
    async bulkWrite(writes, options = {}) {
      writes.forEach(checkWrite);
      const typedWrites = writes as unknown[] as AnyBulkWriteOperation<Doc>[];
      return attempt(() => bulkWrite(driver, typedWrites, options.ordered ?? true));
    },
    async countDocuments(filter) {
      const where = checked(filter);
      return attempt(() => driver.countDocuments(where));
    },
  };
}

async function createIndexes(driver: MongoCollection<Doc>, indexes: Index[]): Promise<void> {
  for (const index of indexes) checkSort(index.key);
  if (indexes.length > 0) await attempt(() => driver.createIndexes(indexes.map((index) => ({ ...index }))));
}

interface Options {
  upsert?: boolean | undefined;
  sort?: unknown;
  projection?: unknown;
}

function checked<T extends Doc>(filter: Filter<T>, options: Options = {}): Filter<Doc> {
  checkFilter(filter);
  if (options.sort) checkSort(options.sort);
  if (options.projection) checkProjection(options.projection);
  return filter as Filter<Doc>;
}

function checkedUpdate<T extends Doc>(
  filter: Filter<T>,
  update: UpdateFilter<T>,
  options: Options = {},
): [Filter<Doc>, UpdateFilter<Doc>] {
  checkUpdate(update);
  if (options.upsert) checkUpsert(filter, update);
  return [checked(filter, options), update as UpdateFilter<Doc>];
}

function checkWrite<T extends Doc>(write: BulkWrite<T>): void {
  if ('insertOne' in write) checkDocument(write.insertOne.document);
  else if ('updateOne' in write)
    checkedUpdate(write.updateOne.filter, write.updateOne.update, write.updateOne);
  else if ('updateMany' in write) checkedUpdate(write.updateMany.filter, write.updateMany.update);
  else if ('deleteOne' in write) checked(write.deleteOne.filter);
  else checked(write.deleteMany.filter);
}

/** The caller of a collection says what its documents are, as with the driver. */
function typed<T>(document: unknown): T | null {
  return document as T | null;
}

type Counts = Omit<UpdateResult, 'upsertedId'>;

function countsOf({ matchedCount, modifiedCount, upsertedCount }: Counts): Counts {
  return { matchedCount, modifiedCount, upsertedCount };
}
