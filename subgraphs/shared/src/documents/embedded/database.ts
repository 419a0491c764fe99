import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { UnavailableError } from '../../unavailable.ts';
import { DuplicateKeyError } from '../port.ts';

/** SQLite's extended result codes of a broken PRIMARY KEY or UNIQUE constraint (sqlite.org/rescode.html). */
const DUPLICATE_CODES = new Set([1555, 2067]);
const BUSY_CODE = 5;

/** One SQLite file. Everything is synchronous, so that nothing comes between the statements of a write. */
export interface Database {
  /** A prepared statement, kept. The number of different texts is bounded by the number of indexes. */
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  /** All or nothing, also inside another `atomically`. Broken constraints are thrown as DuplicateKeyError. */
  atomically<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the file for this process alone. WAL with synchronous=NORMAL writes every commit to the operating
 * system before it returns, so an acknowledged write survives `kill -9`; a power failure may cost the last ones.
 */
export function openDatabase(file: string): Database {
  const sqlite = connect(file);
  const statements = new Map<string, StatementSync>();
  let depth = 0;
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = sqlite.prepare(sql);
      statement.setReturnArrays(true);
      statements.set(sql, statement);
    }
    return statement;
  };
  const atomically = <T>(work: () => T): T => {
    const isOuter = depth === 0;
    prepare(isOuter ? 'BEGIN' : 'SAVEPOINT part').run();
    depth += 1;
    try {
      const result = work();
      prepare(isOuter ? 'COMMIT' : 'RELEASE part').run();
      return result;
    } catch (error) {
      // A failed COMMIT may have ended the transaction already.
      if (sqlite.isTransaction) {
        prepare(isOuter ? 'ROLLBACK' : 'ROLLBACK TO part').run();
        if (!isOuter) prepare('RELEASE part').run();
      }
      throw error;
    } finally {
      depth -= 1;
    }
  };
  return {
    prepare,
    exec: (sql) => sqlite.exec(sql),
    atomically,
    close: () => {
      if (sqlite.isOpen) sqlite.close();
    },
  };
}

function connect(file: string): DatabaseSync {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(file, { timeout: 0 });
    // EXCLUSIVE before WAL: the lock is held from the first access until the process ends, however it ends.
    sqlite.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; BEGIN EXCLUSIVE; COMMIT',
    );
    return sqlite;
  } catch (error) {
    sqlite?.close();
    if (codeOf(error) !== BUSY_CODE)
      throw new Error(`cannot open ${file}: ${String(error)}`, { cause: error });
    throw new Error(`${file} is in use by another process: stop it, or set another DATA_DIR`, {
      cause: error,
    });
  }
}

/** The port's error for what SQLite threw; an error that is not SQLite's stays as it is. */
export function portError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === null) return error;
  if (DUPLICATE_CODES.has(code)) return new DuplicateKeyError('duplicate key', { cause: error });
  return new UnavailableError(`the embedded store failed: ${(error as Error).message}`, { cause: error });
}

function codeOf(error: unknown): number | null {
  const isSqlite = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isSqlite ? (error.errcode as number) : null;
}
