/**
 * The documents port: the part of the MongoDB driver's API that the shop uses, with the driver's names and
 * semantics, narrowed to what every supported server and the embedded adapter do alike. A filter or update
 * operator outside the subset is refused with an error, never ignored.
 *
 * Filters: $eq $ne $gt $gte $lt $lte $in $nin $exists $not $and $or $all $elemMatch, a RegExp anchored with ^ as
 * the value of a field, under $not and inside $all (not as `{ $regex }`), dotted paths, array positions. Updates:
 * $set $unset $inc $min $max $setOnInsert $push ($each) $pull (by sub-document, $in) $addToSet; an upsert names its
 * _id. No transaction, pipeline update or partial index. Both adapters refuse the rest, and an undefined value in a
 * filter, which the driver would drop; a field of undefined value in a document or update is not stored.
 *
 * Servers differ, and nothing refuses it, in two bounds on an array ({ scores: { $gt: 1, $lt: 9 } }: write
 * $elemMatch), in $inc of null, in a field set inside null, and in null inside an array of documents.
 */
import type { Filter, UpdateFilter } from 'mongodb';

/** A stored document. Ids are strings; values are JSON values or Date; keys never contain a dot or start with $. */
export interface Doc {
  _id: string;
}

export type { Filter, UpdateFilter };

export type Sort = Record<string, 1 | -1>;
export type Projection = Record<string, 0 | 1>;

/** An index. A unique index is either sparse or on fields that are always present. */
export interface Index {
  key: Sort;
  unique?: boolean;
  sparse?: boolean;
  /** Only on one Date field: the document is removed some time after this many seconds have passed. */
  expireAfterSeconds?: number;
}

export interface FindOneOptions {
  sort?: Sort;
  projection?: Projection;
}

export interface FindOptions extends FindOneOptions {
  /** Every list is bounded. */
  limit: number;
}

export interface FindOneAndUpdateOptions extends FindOneOptions {
  returnDocument?: 'before' | 'after';
  upsert?: boolean;
}

export interface UpdateResult {
  matchedCount: number;
  modifiedCount: number;
  upsertedCount: number;
  upsertedId: string | null;
}

export interface BulkWriteResult {
  insertedCount: number;
  matchedCount: number;
  modifiedCount: number;
  deletedCount: number;
  upsertedCount: number;
}

/** One write of a bulkWrite, as in the driver. */
export type BulkWrite<T extends Doc> =
  | { insertOne: { document: T } }
  | { updateOne: { filter: Filter<T>; update: UpdateFilter<T>; upsert?: boolean } }
  | { updateMany: { filter: Filter<T>; update: UpdateFilter<T> } }
  | { deleteOne: { filter: Filter<T> } }
  | { deleteMany: { filter: Filter<T> } };

/** A lazily run query. */
export interface Cursor<T> {
  toArray(): Promise<T[]>;
}

/**
 * A collection. Every write is acknowledged by a majority, durable, and atomic per document. Every method
 * rejects with DuplicateKeyError where a unique index forbids the write, and with UnavailableError where the
 * server does not answer within the operation's deadline (the write may then have happened). Documents handed
 * in and out are the caller's own: never shared with the store.
 */
export interface Collection<T extends Doc> {
  /** Idempotent; the embedded adapter answers by these indexes as the server does. */
  createIndexes(indexes: Index[]): Promise<void>;
  insertOne(document: T): Promise<void>;
  findOne(filter: Filter<T>, options?: FindOneOptions): Promise<T | null>;
  find(filter: Filter<T>, options: FindOptions): Cursor<T>;
  updateOne(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options?: { upsert?: boolean },
  ): Promise<UpdateResult>;
  updateMany(filter: Filter<T>, update: UpdateFilter<T>): Promise<UpdateResult>;
  findOneAndUpdate(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options?: FindOneAndUpdateOptions,
  ): Promise<T | null>;
  findOneAndDelete(filter: Filter<T>, options?: FindOneOptions): Promise<T | null>;
  deleteOne(filter: Filter<T>): Promise<{ deletedCount: number }>;
  deleteMany(filter: Filter<T>): Promise<{ deletedCount: number }>;
  /**
   * Writes in one round trip; ordered (the default) stops at the first failure, unordered tries all. An
   * upsert that loses a race for its _id is tried again, so that it ends as an update.
   */
  bulkWrite(writes: BulkWrite<T>[], options?: { ordered?: boolean }): Promise<BulkWriteResult>;
  countDocuments(filter: Filter<T>): Promise<number>;
}

/** One subgraph's own database. */
export interface Documents {
  collection<T extends Doc>(name: string): Collection<T>;
  /** Resolves when the store answers; rejects with UnavailableError. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A unique index forbids the write; nothing was written. */
export class DuplicateKeyError extends Error {
  override name = 'DuplicateKeyError';
}
