import { encode } from './codec.ts';

/**
 * The values that a condition on a path looks at, as MongoDB finds them: arrays on the way are entered, an
 * array at the end counts as itself and as each of its elements, and undefined stands for a missing field.
 */
export function valuesAt(document: unknown, segments: readonly string[]): unknown[] {
  const values: unknown[] = [];
  visit(document, segments, 0, (value) => {
    values.push(value);
    if (Array.isArray(value)) values.push(...value);
  });
  return values;
}

/** The values under which an index keeps a document: an array's elements, undefined for none. */
export function indexedValuesAt(document: unknown, segments: readonly string[]): unknown[] {
  const values: unknown[] = [];
  visit(document, segments, 0, (value) => {
    if (!Array.isArray(value)) values.push(value);
    // An empty array is a value: like MongoDB, keep it apart from a missing field in a sparse index.
    else if (value.length === 0) values.push(null);
    else values.push(...value);
  });
  return values.length > 0 ? values : [undefined];
}

function visit(
  value: unknown,
  segments: readonly string[],
  depth: number,
  found: (value: unknown) => void,
): void {
  const segment = segments[depth];
  if (segment === undefined) found(value);
  else if (Array.isArray(value)) {
    if (isPosition(segment)) visit(value[Number(segment)], segments, depth + 1, found);
    else for (const element of value) if (isDocument(element)) visit(element, segments, depth, found);
  } else if (isDocument(value) && Object.hasOwn(value, segment)) {
    visit(value[segment], segments, depth + 1, found);
  } else found(undefined);
}

export function isPosition(segment: string): boolean {
  return /^\d+$/.test(segment);
}

function isDocument(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Equality in filters: a missing field equals null; documents are equal when their fields come in one order. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === null || left === undefined) return right === null || right === undefined;
  if (typeof left !== 'object' || typeof right !== 'object' || right === null) return false;
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  if (right instanceof Date || Array.isArray(left) !== Array.isArray(right)) return false;
  return encode(left) === encode(right);
}
