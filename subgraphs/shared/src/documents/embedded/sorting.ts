import type { Sort } from '../port.ts';
import type { Stored } from './codec.ts';
import { compareKeys, type Key, keyOf } from './keys.ts';
import { indexedValuesAt } from './values.ts';

/** How far a list of kept documents may outgrow the limit before it is sorted and cut. */
const SLACK = 1000;

/**
 * The first `limit` items in the order of the sort, ties in the order they came. Never holds more than about
 * twice the limit. An array sorts by its smallest element, or by its largest when the direction is -1.
 */
export function firstInOrder<T>(
  items: Iterable<T>,
  documentOf: (item: T) => Stored,
  sort: Sort,
  limit: number,
): T[] {
  const fields = Object.entries(sort).map(([path, direction]) => ({ segments: path.split('.'), direction }));
  let kept: { item: T; keys: Key[] }[] = [];
  const cut = () => {
    kept.sort((left, right) => compareRows(left.keys, right.keys, fields));
    kept = kept.slice(0, limit);
  };
  for (const item of items) {
    const keys = fields.map((field) => sortKey(documentOf(item), field));
    kept.push({ item, keys });
    if (kept.length >= 2 * limit + SLACK) cut();
  }
  cut();
  return kept.map((entry) => entry.item);
}

interface SortField {
  segments: string[];
  direction: 1 | -1;
}

function sortKey(document: Stored, field: SortField): Key {
  const keys = indexedValuesAt(document, field.segments).map(keyOf);
  return keys.reduce((best, key) => (compareKeys(key, best) * field.direction < 0 ? key : best));
}

function compareRows(left: Key[], right: Key[], fields: SortField[]): number {
  for (const [at, field] of fields.entries()) {
    const order = compareKeys(left[at]!, right[at]!);
    if (order !== 0) return order * field.direction;
  }
  return 0;
}
