import { UnavailableError } from '../../unavailable.ts';
import type { Documents } from '../port.ts';
import { collectionNames, createCatalog, openTable, type Table } from './catalog.ts';
import { embeddedCollection, type Run } from './collection.ts';
import { type Database, openDatabase, portError } from './database.ts';
import { removeExpired } from './expiry.ts';
import { fairTurns } from './fair-turns.ts';

/** MongoDB looks for expired documents once a minute. */
const SWEEP_INTERVAL_MS = 60_000;

export interface EmbeddedDocuments extends Documents {
  /** How many documents queries have read since the store was opened: a query without an index reads all. */
  examined(): number;
  /** Removes expired documents now, at most 1,000 per TTL index; it also happens by itself every minute. */
  removeExpired(nowMs: number): void;
}

interface Store {
  database: Database;
  tables: Map<string, Table>;
  examined: number;
  isClosed: boolean;
}

/**
 * The documents port inside this process, on one SQLite file (or ':memory:': every such store is its own, gone
 * when it is closed). The file is for one process at a time: opening it in a second one throws an error that
 * names it. Nothing is loaded at the start. Acknowledged writes survive `kill -9`.
 */
export function openEmbeddedDocuments(options: { file: string }): EmbeddedDocuments {
  const database = openDatabase(options.file);
  createCatalog(database);
  const store: Store = { database, tables: new Map(), examined: 0, isClosed: false };
  const sweeper = setInterval(() => trySweep(store), SWEEP_INTERVAL_MS).unref();
  // In memory it stays off the event loop: tests decide there what runs when.
  const turn = options.file === ':memory:' ? () => null : fairTurns();
  return {
    collection: (name) => embeddedCollection(runOn(store, name, turn)),
    ping: async () => assertOpen(store),
    close: async () => {
      store.isClosed = true;
      clearInterval(sweeper);
      database.close();
    },
    examined: () => store.examined,
    removeExpired: (nowMs) => sweep(store, nowMs),
  };
}

function runOn(store: Store, name: string, turn: () => Promise<void> | null): Run {
  const examine = () => {
    store.examined += 1;
  };
  return async (operation) => {
    assertOpen(store);
    let result: ReturnType<typeof operation>;
    try {
      result = operation({ database: store.database, table: tableOf(store, name), examine });
    } catch (error) {
      throw portError(error);
    }
    const wait = turn();
    if (wait) await wait;
    return result;
  };
}

function tableOf(store: Store, name: string): Table {
  let table = store.tables.get(name);
  if (!table) {
    table = openTable(store.database, name);
    store.tables.set(name, table);
  }
  return table;
}

function assertOpen(store: Store): void {
  if (store.isClosed) throw new UnavailableError('the embedded store is closed');
}

function trySweep(store: Store): void {
  try {
    sweep(store, Date.now());
  } catch {
    // A full disk or the like: operations report it to whoever asked for them; the next sweep tries again.
  }
}

function sweep(store: Store, nowMs: number): void {
  for (const name of collectionNames(store.database))
    removeExpired(store.database, tableOf(store, name), nowMs);
}
