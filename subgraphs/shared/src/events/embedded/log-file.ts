import { DatabaseSync } from 'node:sqlite';

/** How long to wait for a process that is just ending to let go of the file. */
const lockWaitMs = 1_000;
const sqliteBusy = 5;

const tables = `
  CREATE TABLE IF NOT EXISTS partitions (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
    UNIQUE (topic, partition)
  );
  CREATE TABLE IF NOT EXISTS records (
    partition_id INTEGER NOT NULL, offset INTEGER NOT NULL, key TEXT, value TEXT, headers TEXT NOT NULL,
    at_ms INTEGER NOT NULL, PRIMARY KEY (partition_id, offset)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS positions (
    group_id TEXT NOT NULL, partition_id INTEGER NOT NULL, next_offset INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
    PRIMARY KEY (group_id, partition_id)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS log (id TEXT NOT NULL);
  INSERT INTO log SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM log);
`;

/**
 * Opens the file that holds the records, for this process alone. Throws an error that names the file when
 * another process has it, or when it cannot be opened. WAL with synchronous=NORMAL: what is committed survives the death of the process;
 * a power cut may take the last moments, never the file.
 */
export function openLogFile(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: lockWaitMs });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`);
    return database;
  } catch (error) {
    database?.close();
    if (!isBusy(error)) throw new Error(`cannot open ${file}: ${String(error)}`, { cause: error });
    throw new Error(
      `${file} is in use by another process: stop that one, or give this one another DATA_DIR`,
      {
        cause: error,
      },
    );
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
