import { decode, type Stored } from './codec.ts';
import type { Database } from './database.ts';
import type { IndexTable } from './index-table.ts';
import type { Interval, Key } from './keys.ts';
import type { Plan } from './plan.ts';

/** A document as it lies in the store. */
export interface Row {
  seq: number;
  text: string;
  document: Stored;
}

/** The primary index: the collection's own table, by id. */
export function primaryIndex(table: string): IndexTable {
  const fields = [{ path: '_id', segments: ['_id'], direction: 1 as const }];
  return {
    name: '_id_',
    table,
    fields,
    unique: true,
    sparse: false,
    multikey: false,
    expireAfterSeconds: null,
  };
}

/** The documents that a plan leads to, one at a time; null: all of them. `examine` is told of each. */
export function* scan(
  database: Database,
  table: string,
  plan: Plan<IndexTable> | null,
  examine: () => void,
): Generator<Row> {
  // Only an index with arrays leads to one document twice.
  const seen = plan?.index.multikey ? new Set<number>() : null;
  for (const query of queriesOf(table, plan)) {
    const rows = database.prepare(query.sql).iterate(...query.keys) as Iterable<unknown>;
    for (const row of rows as Iterable<[number, string]>) {
      if (seen?.has(row[0])) continue;
      seen?.add(row[0]);
      examine();
      yield { seq: row[0], text: row[1], document: decode(row[1]) };
    }
  }
}

interface ScanQuery {
  sql: string;
  keys: Key[];
}

function queriesOf(table: string, plan: Plan<IndexTable> | null): ScanQuery[] {
  if (!plan) return [{ sql: `SELECT seq, doc FROM ${table} ORDER BY seq`, keys: [] }];
  const { index, intervals } = plan;
  const isPrimary = index.table === table;
  const columns = index.fields.map((_, at) => (isPrimary ? 'd.id' : `i.k${at}`));
  const source = isPrimary
    ? `SELECT d.seq, d.doc FROM ${table} d`
    : `SELECT d.seq, d.doc FROM ${index.table} i CROSS JOIN ${table} d ON d.seq = i.seq`;
  const equal = plan.equal.map((_, at) => `${columns[at]} = ?`);
  const order = orderBy(plan, columns);
  if (!intervals) return [{ sql: `${source}${where(equal)}${order}`, keys: plan.equal }];
  return intervals.map((range) => {
    const bounds = boundsOf(columns[plan.equal.length]!, range);
    return {
      sql: `${source}${where([...equal, ...bounds.sql])}${order}`,
      keys: [...plan.equal, ...bounds.keys],
    };
  });
}

function where(terms: string[]): string {
  return terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`;
}

function orderBy(plan: Plan<IndexTable>, columns: string[]): string {
  const rest = plan.index.fields.slice(plan.equal.length);
  if (rest.length === 0) return '';
  const terms = rest.map((field, at) => {
    const isAscending = (field.direction === 1) !== plan.isReversed;
    return `${columns[plan.equal.length + at]} ${isAscending ? 'ASC' : 'DESC'}`;
  });
  return ` ORDER BY ${terms.join(', ')}`;
}

function boundsOf(column: string, range: Interval): { sql: string[]; keys: Key[] } {
  if (range.low === range.high) return { sql: [`${column} = ?`], keys: [range.low] };
  return {
    sql: [`${column} ${range.lowOpen ? '>' : '>='} ?`, `${column} ${range.highOpen ? '<' : '<='} ?`],
    keys: [range.low, range.high],
  };
}
