import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { UnavailableError } from '../unavailable.ts';

/** SQLite's result code for a lock that somebody else holds (sqlite.org/rescode.html). */
const BUSY_CODE = 5;

/**
 * Does the work while no other process, and nobody else in this one, holds the lock of this file. The file stays, empty.
 *
 * The operating system holds the lock (SQLite's, sqlite.org/lockingv3.html) and takes it away from a process that dies,
 * so it is never left behind. Work and waiting are synchronous: this is for short work on files, not for servers. The
 * file system must support advisory locks, as every local one does.
 *
 * @param waitMs after so long a wait UnavailableError is thrown and the work is not done
 */
export function withFileLock<T>(file: string, waitMs: number, work: () => T): T {
  make(file);
  const lock = new DatabaseSync(file, { timeout: waitMs });
  try {
    // MEMORY: no second file beside the lock.
    lock.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
    return work();
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new UnavailableError(`${file} was locked by another process for ${waitMs} ms`, { cause: error });
  } finally {
    lock.close();
  }
}

/** SQLite would make it for its own user alone, whatever the umask says (SQLITE_DEFAULT_FILE_PERMISSIONS is 0644). */
function make(file: string): void {
  try {
    closeSync(openSync(file, 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY_CODE;
}
