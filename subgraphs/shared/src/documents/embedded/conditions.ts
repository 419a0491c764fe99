import { isOperators } from '../subset.ts';
import {
  EVERYTHING,
  hull,
  type Interval,
  intersection,
  interval,
  isPoint,
  keyOf,
  NULL_KEY,
  point,
  typeInterval,
} from './keys.ts';
import { prefixInterval } from './prefix.ts';

/** What a filter demands of a path: some value of it lies in one of these intervals. */
export interface Condition {
  intervals: Interval[];
  /** No document without the field can match, so a sparse index holds every match. */
  present: boolean;
}

export type Conditions = Map<string, Condition[]>;

/**
 * What every matching document fulfils, as far as an index can use it; the filter itself still decides.
 * Nothing is drawn from $ne, $nin, $not or an equality with an array or document.
 */
export function conditionsOf(filter: Record<string, unknown>, prefix = ''): Conditions {
  const conditions: Conditions = new Map();
  const add = (path: string, condition: Condition) => {
    const known = conditions.get(path);
    if (known) known.push(condition);
    else conditions.set(path, [condition]);
  };
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and') {
      for (const part of value as Record<string, unknown>[]) merge(conditionsOf(part, prefix), add);
    } else if (key === '$or') merge(alternatives(value as Record<string, unknown>[], prefix), add);
    else addField(prefix + key, value, add);
  }
  return conditions;
}

type Add = (path: string, condition: Condition) => void;

function merge(conditions: Conditions, add: Add): void {
  for (const [path, list] of conditions) for (const condition of list) add(path, condition);
}

function addField(path: string, value: unknown, add: Add): void {
  const operators = isOperators(value) ? value : { [value instanceof RegExp ? '$regex' : '$eq']: value };
  for (const [operator, operand] of Object.entries(operators)) {
    if (operator === '$all') for (const item of operand as unknown[]) addField(path, item, add);
    else if (operator === '$elemMatch') {
      if (!isOperators(operand)) merge(conditionsOf(operand as Record<string, unknown>, `${path}.`), add);
    } else {
      const condition = conditionOf(operator, operand);
      if (condition) add(path, condition);
    }
  }
}

function conditionOf(operator: string, operand: unknown): Condition | null {
  switch (operator) {
    case '$eq':
      return isScalar(operand) ? points([operand]) : null;
    case '$in':
      return (operand as unknown[]).every(isScalar) ? points(operand as unknown[]) : null;
    case '$exists':
      return operand === true ? { intervals: [EVERYTHING], present: true } : null;
    case '$regex':
      return { intervals: [prefixInterval(operand as RegExp)], present: true };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return { intervals: [rangeInterval(operator, operand)], present: true };
    default:
      return null;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date;
}

function points(values: unknown[]): Condition {
  return { intervals: values.map((value) => point(keyOf(value))), present: !values.includes(null) };
}

function rangeInterval(operator: string, operand: unknown): Interval {
  const key = keyOf(operand);
  const isOpen = operator === '$gt' || operator === '$lt';
  const type = typeInterval(operand);
  return operator.startsWith('$g')
    ? interval(key, isOpen, type.high, type.highOpen)
    : interval(type.low, type.lowOpen, key, isOpen);
}

/** A path that every branch of an $or limits is limited by the branches together. */
function alternatives(branches: Record<string, unknown>[], prefix: string): Conditions {
  const [first, ...others] = branches.map((branch) => conditionsOf(branch, prefix));
  const result: Conditions = new Map();
  for (const path of first!.keys()) {
    const lists = [first!, ...others].map((branch) => branch.get(path));
    if (lists.every((list) => list !== undefined)) result.set(path, [union(lists.map((list) => list[0]!))]);
  }
  return result;
}

function union(conditions: Condition[]): Condition {
  const intervals = conditions.flatMap((condition) => condition.intervals);
  const present = conditions.every((condition) => condition.present);
  if (intervals.every(isPoint)) return { intervals, present };
  return { intervals: [intervals.reduce(hull)], present };
}

/**
 * One condition for an index column. The conditions of a path may be met by different elements of an array,
 * so where the index has seen arrays only one of them bounds the scan.
 */
export function narrowest(conditions: Condition[], isMultikey: boolean): Condition {
  const listed = conditions.filter((condition) => condition.intervals.every(isPoint));
  if (listed.length > 0) return listed.reduce((best, next) => (size(next) < size(best) ? next : best));
  const bounded = conditions.filter((condition) => condition.intervals[0] !== EVERYTHING);
  if (bounded.length === 0) return conditions[0]!;
  if (isMultikey) return bounded.reduce((best, next) => (textLength(next) > textLength(best) ? next : best));
  return {
    intervals: [bounded.map((condition) => condition.intervals[0]!).reduce(intersection)],
    present: true,
  };
}

/** Of several prefixes the longest finds the fewest. */
function textLength(condition: Condition): number {
  const low = condition.intervals[0]!.low;
  return typeof low === 'string' ? low.length : 0;
}

function size(condition: Condition): number {
  return condition.intervals.length;
}

/** Whether a key of null, which stands for a missing field too, lies in the condition. */
export function allowsNull(condition: Condition): boolean {
  return condition.intervals.some((range) => range.low === NULL_KEY && !range.lowOpen);
}
