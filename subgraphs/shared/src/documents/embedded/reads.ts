import type { Sort } from '../port.ts';
import type { Table } from './catalog.ts';
import { conditionsOf } from './conditions.ts';
import type { Database } from './database.ts';
import type { IndexTable } from './index-table.ts';
import { matcher } from './match.ts';
import { choosePlan, type Plan } from './plan.ts';
import { type Row, scan } from './scan.ts';
import { firstInOrder } from './sorting.ts';

type Filter = Record<string, unknown>;

/** The first `limit` matching rows in the order of the sort, else in the order the scan gives. */
export function findRows(
  database: Database,
  table: Table,
  query: { filter: Filter; sort?: Sort | undefined; limit: number },
  examine: () => void,
): Row[] {
  const sort = query.sort && Object.keys(query.sort).length > 0 ? query.sort : undefined;
  const plan = choosePlan<IndexTable>([table.primary, ...table.indexes], conditionsOf(query.filter), sort);
  const rows = matchingRows(database, table, plan, query.filter, examine);
  if (!sort || plan?.isSorted) return rows.take(query.limit).toArray();
  return firstInOrder(rows, (row) => row.document, sort, query.limit);
}

/** Calls back for each matching row, one at a time; the callback must not write. */
export function countRows(database: Database, table: Table, filter: Filter, examine: () => void): number {
  if (Object.keys(filter).length === 0) {
    const [count] = database.prepare(`SELECT count(*) FROM ${table.table}`).get() as unknown as [number];
    return count;
  }
  const plan = choosePlan<IndexTable>([table.primary, ...table.indexes], conditionsOf(filter), undefined);
  return matchingRows(database, table, plan, filter, examine).reduce((count) => count + 1, 0);
}

function matchingRows(
  database: Database,
  table: Table,
  plan: Plan<IndexTable> | null,
  filter: Filter,
  examine: () => void,
): IteratorObject<Row, undefined> {
  const isMatch = matcher(filter);
  return scan(database, table.table, plan, examine).filter((row) => isMatch(row.document));
}
