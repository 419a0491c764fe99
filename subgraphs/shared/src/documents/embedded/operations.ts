import type { FindOneAndUpdateOptions, FindOneOptions, FindOptions, Index, UpdateResult } from '../port.ts';
import { checkFilter, checkLimit, checkProjection, checkSort } from '../subset.ts';
import { checkUpdate, checkUpsert } from '../subset-update.ts';
import { checkDocument } from '../subset-values.ts';
import { addIndex, type Table } from './catalog.ts';
import { copyOf, decode, type Stored } from './codec.ts';
import type { Database } from './database.ts';
import { project } from './match.ts';
import { countRows, findRows } from './reads.ts';
import type { Row } from './scan.ts';
import { upsertedDocument } from './upsert.ts';
import { deleteRow, insertRow, updateRow } from './writes.ts';

/** The collection that operations work on; `examine` is told of every document that a query reads. */
export interface Target {
  database: Database;
  table: Table;
  examine(): void;
}

type Fields = Record<string, unknown>;
type Update = Record<string, Fields>;

/** For updateMany and deleteMany, which are not limited. */
export const EVERY = Number.MAX_SAFE_INTEGER;

export function createIndexes(target: Target, indexes: Index[]): void {
  for (const index of indexes) {
    checkSort(index.key);
    addIndex(target.database, target.table, index);
  }
}

export function insertOne(target: Target, document: object): void {
  checkDocument(document);
  insertRow(target.database, target.table, document as Stored);
}

export function find(target: Target, filter: object, options: FindOptions): Stored[] {
  checkLimit(options.limit);
  return select(target, filter, options, options.limit).map((row) =>
    project(row.document, options.projection),
  );
}

export function findOne(target: Target, filter: object, options: FindOneOptions = {}): Stored | null {
  const row = select(target, filter, options, 1)[0];
  return row ? project(row.document, options.projection) : null;
}

function select(target: Target, filter: object, options: FindOneOptions, limit: number): Row[] {
  checkFilter(filter);
  if (options.sort) checkSort(options.sort);
  if (options.projection) checkProjection(options.projection);
  const query = { filter: filter as Fields, sort: options.sort, limit };
  return findRows(target.database, target.table, query, target.examine);
}

export function update(
  target: Target,
  filter: object,
  changes: object,
  options: { limit: number; upsert?: boolean | undefined },
): UpdateResult {
  checkUpdate(changes);
  if (options.upsert) checkUpsert(filter, changes);
  const rows = select(target, filter, {}, options.limit);
  if (rows.length === 0 && options.upsert) {
    const document = upsert(target, filter, changes);
    return { matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: document._id };
  }
  let modifiedCount = 0;
  for (const row of rows) {
    if (updateRow(target.database, target.table, row, changes as Update) !== null) modifiedCount += 1;
  }
  return { matchedCount: rows.length, modifiedCount, upsertedCount: 0, upsertedId: null };
}

function upsert(target: Target, filter: object, changes: object): Stored {
  const document = upsertedDocument(filter as Fields, changes as Update);
  insertRow(target.database, target.table, document);
  return document;
}

export function findOneAndUpdate(
  target: Target,
  filter: object,
  changes: object,
  options: FindOneAndUpdateOptions = {},
): Stored | null {
  checkUpdate(changes);
  if (options.upsert) checkUpsert(filter, changes);
  const row = select(target, filter, options, 1)[0];
  const isAfter = options.returnDocument === 'after';
  if (!row) {
    const document = options.upsert ? upsert(target, filter, changes) : null;
    return document && isAfter ? project(copyOf(document), options.projection) : null;
  }
  const text = updateRow(target.database, target.table, row, changes as Update) ?? row.text;
  return project(decode(isAfter ? text : row.text), options.projection);
}

export function findOneAndDelete(
  target: Target,
  filter: object,
  options: FindOneOptions = {},
): Stored | null {
  const row = select(target, filter, options, 1)[0];
  if (!row) return null;
  deleteRow(target.database, target.table, row);
  return project(row.document, options.projection);
}

export function remove(target: Target, filter: object, limit: number): { deletedCount: number } {
  const rows = select(target, filter, {}, limit);
  for (const row of rows) deleteRow(target.database, target.table, row);
  return { deletedCount: rows.length };
}

export function countDocuments(target: Target, filter: object): number {
  checkFilter(filter);
  return countRows(target.database, target.table, filter as Fields, target.examine);
}
