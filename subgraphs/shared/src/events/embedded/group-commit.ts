import type { DatabaseSync } from 'node:sqlite';
import { UnavailableError } from '../../unavailable.ts';

interface Pending {
  write: () => void;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** More writes than this are not kept waiting for each other. */
const maxPending = 1_000;

/** Runs writes in transactions: those asked for in one turn of the event loop share one. */
export class GroupCommit {
  #database: DatabaseSync;
  #afterCommit: () => void;
  #pending: Pending[] = [];
  #scheduled = false;

  constructor(database: DatabaseSync, afterCommit: () => void) {
    this.#database = database;
    this.#afterCommit = afterCommit;
  }

  /** Resolves when the write is committed. */
  run(write: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ write, resolve, reject });
      if (this.#pending.length >= maxPending) this.flush();
      else this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Commits what is pending, now. */
  flush(): void {
    const batch = this.#pending;
    if (batch.length === 0) return;
    this.#pending = [];
    try {
      this.#database.exec('BEGIN');
      for (const { write } of batch) write();
      this.#database.exec('COMMIT');
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const error = new UnavailableError('the embedded event log cannot be written', { cause });
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
    this.#afterCommit();
  }
}
