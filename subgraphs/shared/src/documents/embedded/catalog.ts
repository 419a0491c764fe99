import type { Index } from '../port.ts';
import { decode } from './codec.ts';
import type { Database } from './database.ts';
import {
  createTableSql,
  entriesOf,
  type IndexTable,
  indexTable,
  nameOf,
  writeChange,
} from './index-table.ts';
import { primaryIndex } from './scan.ts';

/** A collection: an SQLite table of documents and one of keys per index. */
export interface Table {
  id: number;
  table: string;
  primary: IndexTable;
  indexes: IndexTable[];
}

export function createCatalog(database: Database): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS indexes (
      id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL,
      multikey INTEGER NOT NULL DEFAULT 0, UNIQUE (collection, name))`);
}

/** Every collection that the file holds. */
export function collectionNames(database: Database): string[] {
  return rows<[string]>(database, 'SELECT name FROM collections').map(([name]) => name);
}

/** The collection of this name, made when there is none. */
export function openTable(database: Database, name: string): Table {
  const known = rows<[number]>(database, 'SELECT id FROM collections WHERE name = ?', name)[0];
  const id = known ? known[0] : createTable(database, name);
  const table = `documents_${id}`;
  const stored = rows<[number, string, number]>(
    database,
    'SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id',
    id,
  );
  const indexes = stored.map(([at, spec, multikey]) =>
    indexTable(`keys_${at}`, JSON.parse(spec), multikey === 1),
  );
  return { id, table, primary: primaryIndex(table), indexes };
}

function createTable(database: Database, name: string): number {
  return database.atomically(() => {
    const result = database.prepare('INSERT INTO collections (name) VALUES (?)').run(name);
    const id = Number(result.lastInsertRowid);
    // No column types: a type would make SQLite convert what ids are compared with.
    database.exec(`CREATE TABLE documents_${id} (seq INTEGER PRIMARY KEY, id NOT NULL UNIQUE, doc NOT NULL)`);
    return id;
  });
}

/** Makes an index and fills it; nothing is left of it when a unique one finds duplicates. */
export function addIndex(database: Database, table: Table, index: Index): void {
  const name = nameOf(index);
  const known = table.indexes.find((existing) => existing.name === name);
  if (known) {
    assertSameOptions(known, index);
    return;
  }
  const added = database.atomically(() => {
    const result = database
      .prepare('INSERT INTO indexes (collection, name, spec) VALUES (?, ?, ?)')
      .run(table.id, name, JSON.stringify(index));
    const made = indexTable(`keys_${result.lastInsertRowid}`, index, false);
    database.exec(createTableSql(made));
    fill(database, table, made);
    return made;
  });
  table.indexes.push(added);
}

function fill(database: Database, table: Table, index: IndexTable): void {
  const documents = database.prepare(`SELECT seq, doc FROM ${table.table} ORDER BY seq`).iterate();
  for (const row of documents as Iterable<unknown> as Iterable<[number, string]>) {
    const added = entriesOf(index, decode(row[1]));
    if (added.length > 1) markMultikey(database, index);
    writeChange(database, { index, removed: [], added }, row[0]);
  }
}

/** Remembers that a document has several keys in the index: it then serves no order and fewer bounds. */
export function markMultikey(database: Database, index: IndexTable): void {
  if (index.multikey) return;
  index.multikey = true;
  database
    .prepare('UPDATE indexes SET multikey = 1 WHERE id = ?')
    .run(Number(index.table.slice('keys_'.length)));
}

function assertSameOptions(known: IndexTable, index: Index): void {
  const isSame =
    known.unique === (index.unique ?? false) &&
    known.sparse === (index.sparse ?? false) &&
    known.expireAfterSeconds === (index.expireAfterSeconds ?? null);
  if (!isSame) throw new Error(`documents: the index ${known.name} exists with other options`);
}

function rows<T>(database: Database, sql: string, ...values: (string | number)[]): T[] {
  return database.prepare(sql).all(...values) as unknown[] as T[];
}
