import { encode } from './codec.ts';

/**
 * A value as an index key: an SQLite value whose order is MongoDB's order of values. SQLite sorts numbers
 * before text before blobs, MongoDB null, numbers, strings, objects, arrays, booleans, dates; so null is minus
 * infinity (no document can hold it) and the last four are blobs that begin with the type's rank.
 */
export type Key = number | string | Uint8Array;

export const NULL_KEY = Number.NEGATIVE_INFINITY;
const OBJECT = 3;
const ARRAY = 4;
const BOOLEAN = 8;
const DATE = 9;
/** Dates are within ±8.64e15 ms (ECMA-262): moved above zero, their bytes sort as the dates do. */
const DATE_SHIFT = 2n ** 63n;

export function keyOf(value: unknown): Key {
  switch (typeof value) {
    case 'number':
    case 'string':
      return value;
    case 'boolean':
      return Uint8Array.of(BOOLEAN, value ? 1 : 0);
    case 'object':
      if (value === null) return NULL_KEY;
      if (value instanceof Date) return dateKey(value);
      return Buffer.concat([
        Uint8Array.of(Array.isArray(value) ? ARRAY : OBJECT),
        Buffer.from(encode(value)),
      ]);
    default:
      return NULL_KEY;
  }
}

function dateKey(date: Date): Uint8Array {
  const key = Buffer.alloc(9);
  key[0] = DATE;
  key.writeBigUInt64BE(BigInt(date.getTime()) + DATE_SHIFT, 1);
  return key;
}

/** The order of keys, the same as SQLite's. */
export function compareKeys(left: Key, right: Key): number {
  if (typeof left === 'number') return typeof right === 'number' ? Math.sign(difference(left, right)) : -1;
  if (typeof right === 'number') return 1;
  if (typeof left === 'string') return typeof right === 'string' ? compareStrings(left, right) : -1;
  return typeof right === 'string' ? 1 : Buffer.compare(left, right);
}

function difference(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

/** By code point, as UTF-8 sorts on every server; JavaScript's own order is by UTF-16 unit. */
function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const isAbove = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    if (isAbove(a) !== isAbove(b) && a >= 0xd800 && b >= 0xd800) return isAbove(a) ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}

/** A stretch of keys. */
export interface Interval {
  low: Key;
  lowOpen: boolean;
  high: Key;
  highOpen: boolean;
}

const NO_BYTES = new Uint8Array(0);
export const EVERYTHING: Interval = interval(NULL_KEY, false, Uint8Array.of(255), false);

export function interval(low: Key, lowOpen: boolean, high: Key, highOpen: boolean): Interval {
  return { low, lowOpen, high, highOpen };
}

export function point(key: Key): Interval {
  return interval(key, false, key, false);
}

/** All keys of this value's type: a range never leaves it. */
export function typeInterval(value: unknown): Interval {
  if (typeof value === 'number') return interval(NULL_KEY, true, '', true);
  if (typeof value === 'string') return interval('', false, NO_BYTES, true);
  const rank = typeof value === 'boolean' ? BOOLEAN : DATE;
  return interval(Uint8Array.of(rank), false, Uint8Array.of(rank + 1), true);
}

export function intersection(left: Interval, right: Interval): Interval {
  const low = compareKeys(left.low, right.low) || Number(left.lowOpen) - Number(right.lowOpen);
  const high = compareKeys(left.high, right.high) || Number(right.highOpen) - Number(left.highOpen);
  const [from, to] = [low >= 0 ? left : right, high <= 0 ? left : right];
  return interval(from.low, from.lowOpen, to.high, to.highOpen);
}

/** The smallest interval that covers both. */
export function hull(left: Interval, right: Interval): Interval {
  const low = compareKeys(left.low, right.low) || Number(left.lowOpen) - Number(right.lowOpen);
  const high = compareKeys(left.high, right.high) || Number(right.highOpen) - Number(left.highOpen);
  const [from, to] = [low <= 0 ? left : right, high >= 0 ? left : right];
  return interval(from.low, from.lowOpen, to.high, to.highOpen);
}

export function isPoint(range: Interval): boolean {
  return range.low === range.high || compareKeys(range.low, range.high) === 0;
}
