import type { Table } from './catalog.ts';
import type { Database } from './database.ts';
import type { IndexTable } from './index-table.ts';
import { interval, keyOf, typeInterval } from './keys.ts';
import { scan } from './scan.ts';
import { deleteRow } from './writes.ts';

/** What one sweep takes away per index at most, so that it never holds up other work; the next one goes on. */
const MAX_PER_SWEEP = 1000;

/** Removes documents whose TTL index says that their time has passed. */
export function removeExpired(database: Database, table: Table, nowMs: number): void {
  for (const index of table.indexes) {
    if (index.expireAfterSeconds === null) continue;
    const before = new Date(nowMs - index.expireAfterSeconds * 1000);
    database.atomically(() => removeBefore(database, table, index, before));
  }
}

function removeBefore(database: Database, table: Table, index: IndexTable, before: Date): void {
  const range = interval(typeInterval(before).low, false, keyOf(before), true);
  const plan = { index, equal: [], intervals: [range], isSorted: false, isReversed: false };
  const rows = scan(database, table.table, plan, () => {}).take(MAX_PER_SWEEP);
  for (const row of rows.toArray()) deleteRow(database, table, row);
}
