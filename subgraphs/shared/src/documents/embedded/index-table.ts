import { DuplicateKeyError, type Index } from '../port.ts';
import type { Stored } from './codec.ts';
import { type Database, portError } from './database.ts';
import { type Key, keyOf } from './keys.ts';
import type { PlannableIndex } from './plan.ts';
import { indexedValuesAt } from './values.ts';

/** An index: an SQLite table of keys, one column per field, in the order of the index. */
export interface IndexTable extends PlannableIndex {
  name: string;
  table: string;
  fields: readonly IndexField[];
  unique: boolean;
  expireAfterSeconds: number | null;
}

interface IndexField {
  path: string;
  segments: readonly string[];
  direction: 1 | -1;
}

/** An index's name, as MongoDB makes it: createdAt_-1__id_-1. */
export function nameOf(index: Index): string {
  return Object.entries(index.key).flat().join('_');
}

export function indexTable(table: string, index: Index, multikey: boolean): IndexTable {
  const fields = Object.entries(index.key).map(([path, direction]) => ({
    path,
    segments: path.split('.'),
    direction,
  }));
  return {
    name: nameOf(index),
    table,
    fields,
    unique: index.unique ?? false,
    sparse: index.sparse ?? false,
    expireAfterSeconds: index.expireAfterSeconds ?? null,
    multikey,
  };
}

export function createTableSql(index: IndexTable): string {
  const columns = index.fields.map((_, at) => `k${at}`);
  const order = index.fields.map((field, at) => `k${at} ${field.direction === 1 ? 'ASC' : 'DESC'}`);
  const key = index.unique ? order : [...order, 'seq'];
  return `CREATE TABLE ${index.table} (${columns.join(', ')}, seq INTEGER NOT NULL, PRIMARY KEY (${key.join(', ')})) WITHOUT ROWID`;
}

/** The rows of one document in an index. `text` tells rows apart. */
export interface Entry {
  text: string;
  keys: Key[];
}

/** A document's entries: several when a field is an array, none when a sparse index's fields are all missing. */
export function entriesOf(index: IndexTable, document: Stored): Entry[] {
  const values = index.fields.map((field) => indexedValuesAt(document, field.segments));
  if (index.sparse && values.every((list) => list.every((value) => value === undefined))) return [];
  if (values.filter((list) => list.length > 1).length > 1) {
    throw new Error(
      `documents: the index ${index.name} would hold more than one array of the document ${document._id}`,
    );
  }
  const entries = new Map<string, Entry>();
  for (const row of rowsOf(values)) {
    const keys = row.map(keyOf);
    const text = JSON.stringify(
      keys.map((key) => (key instanceof Uint8Array ? [Buffer.from(key).toString('hex')] : key)),
    );
    entries.set(text, { text, keys });
  }
  return [...entries.values()];
}

function rowsOf(values: unknown[][]): unknown[][] {
  const several = values.find((list) => list.length > 1);
  const first = values.map((list) => list[0]);
  if (!several) return [first];
  const at = values.indexOf(several);
  return several.map((value) => first.with(at, value));
}

/** The difference that a write makes to one index. */
export interface IndexChange {
  index: IndexTable;
  removed: Entry[];
  added: Entry[];
}

export function changeOf(index: IndexTable, before: Entry[], after: Entry[]): IndexChange | null {
  if (before.length === 1 && after.length === 1 && before[0]!.text === after[0]!.text) return null;
  const old = new Set(before.map((entry) => entry.text));
  const now = new Set(after.map((entry) => entry.text));
  const removed = before.filter((entry) => !now.has(entry.text));
  const added = after.filter((entry) => !old.has(entry.text));
  return removed.length + added.length === 0 ? null : { index, removed, added };
}

/** Writes a change; throws DuplicateKeyError, naming the index, where a unique index holds another document's key. */
export function writeChange(database: Database, change: IndexChange, seq: number): void {
  const { index, removed, added } = change;
  const columns = index.fields.map((_, at) => `k${at}`);
  if (removed.length > 0) {
    const where = columns.map((column) => `${column} = ?`).join(' AND ');
    const statement = database.prepare(`DELETE FROM ${index.table} WHERE ${where} AND seq = ?`);
    for (const entry of removed) statement.run(...entry.keys, seq);
  }
  if (added.length === 0) return;
  const insert = database.prepare(
    `INSERT INTO ${index.table} VALUES (${columns.map(() => '?').join(', ')}, ?)`,
  );
  for (const entry of added) {
    try {
      insert.run(...entry.keys, seq);
    } catch (error) {
      const translated = portError(error);
      if (!(translated instanceof DuplicateKeyError)) throw error;
      throw new DuplicateKeyError(`duplicate key in the index ${index.name}: ${entry.text}`, {
        cause: error,
      });
    }
  }
}
