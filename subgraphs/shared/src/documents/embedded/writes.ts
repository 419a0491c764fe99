import { DuplicateKeyError } from '../port.ts';
import { markMultikey, type Table } from './catalog.ts';
import { encode, type Stored } from './codec.ts';
import { type Database, portError } from './database.ts';
import { changeOf, entriesOf, type IndexChange, writeChange } from './index-table.ts';
import type { Row } from './scan.ts';
import { applyUpdate, touchedFields } from './update.ts';

type Update = Record<string, Record<string, unknown>>;

export function insertRow(database: Database, table: Table, document: Stored): void {
  const text = encode(document);
  const changes = changesOf(table, () => true, null, document);
  inOneStep(database, changes, () => {
    const seq = insertText(database, table, document._id, text);
    writeChanges(database, changes, seq);
  });
}

function insertText(database: Database, table: Table, id: string, text: string): number {
  try {
    const result = database.prepare(`INSERT INTO ${table.table} (id, doc) VALUES (?, ?)`).run(id, text);
    return Number(result.lastInsertRowid);
  } catch (error) {
    if (!(portError(error) instanceof DuplicateKeyError)) throw error;
    throw new DuplicateKeyError(`duplicate key in the index _id_: ${JSON.stringify(id)}`, { cause: error });
  }
}

/** Changes the row's document in place and in the store; answers its new text, or null when nothing changed. */
export function updateRow(database: Database, table: Table, row: Row, update: Update): string | null {
  const touched = touchedFields(update);
  const isTouched = (path: string) => touched.has(path.split('.', 1)[0]!);
  const before = table.indexes.map((index) =>
    index.fields.some((field) => isTouched(field.path)) ? entriesOf(index, row.document) : null,
  );
  applyUpdate(row.document, update, false);
  const text = encode(row.document);
  if (text === row.text) return null;
  const changes = table.indexes.flatMap((index, at) => {
    const old = before[at];
    return old ? (changeOf(index, old, entriesOf(index, row.document)) ?? []) : [];
  });
  inOneStep(database, changes, () => {
    writeChanges(database, changes, row.seq);
    database.prepare(`UPDATE ${table.table} SET doc = ? WHERE seq = ?`).run(text, row.seq);
  });
  return text;
}

export function deleteRow(database: Database, table: Table, row: Row): void {
  const changes = changesOf(table, () => true, row.document, null);
  inOneStep(database, changes, () => {
    writeChanges(database, changes, row.seq);
    database.prepare(`DELETE FROM ${table.table} WHERE seq = ?`).run(row.seq);
  });
}

function changesOf(
  table: Table,
  isTouched: (path: string) => boolean,
  before: Stored | null,
  after: Stored | null,
): IndexChange[] {
  return table.indexes.flatMap((index) => {
    if (!index.fields.some((field) => isTouched(field.path))) return [];
    const old = before ? entriesOf(index, before) : [];
    const now = after ? entriesOf(index, after) : [];
    return changeOf(index, old, now) ?? [];
  });
}

function writeChanges(database: Database, changes: IndexChange[], seq: number): void {
  for (const change of changes) {
    if (change.added.length > 1) markMultikey(database, change.index);
    writeChange(database, change, seq);
  }
}

/** A write without changes of keys is one statement, which SQLite makes atomic itself. */
function inOneStep(database: Database, changes: IndexChange[], work: () => void): void {
  if (changes.length === 0) work();
  else database.atomically(work);
}
