import type { Sort } from '../port.ts';
import { allowsNull, type Condition, type Conditions, narrowest } from './conditions.ts';
import { compareKeys, EVERYTHING, type Interval, isPoint, type Key } from './keys.ts';

/** An index as the planner sees it. `_id` has one too. */
export interface PlannableIndex {
  fields: readonly { path: string; direction: 1 | -1 }[];
  sparse: boolean;
  /** Some document has an array in it, and so several keys. */
  multikey: boolean;
}

/** How to find a superset of the matching documents. */
export interface Plan<I extends PlannableIndex> {
  index: I;
  /** The keys of the first fields. */
  equal: Key[];
  /** Where the next field lies: one scan each, in this order; null: anywhere. */
  intervals: Interval[] | null;
  /** The scan gives the documents in the wanted order. */
  isSorted: boolean;
  /** The scan runs backwards. */
  isReversed: boolean;
}

/**
 * The plan that leaves the fewest documents by rule of thumb: equal fields first, then a range or list, then
 * the order. Null: nothing helps, every document is looked at.
 */
export function choosePlan<I extends PlannableIndex>(
  indexes: readonly I[],
  conditions: Conditions,
  sort: Sort | undefined,
): Plan<I> | null {
  let best: Plan<I> | null = null;
  let bestScore = 0;
  for (const index of indexes) {
    const plan = planFor(index, conditions, sort);
    const score = plan ? scoreOf(plan) : 0;
    if (score > bestScore) [best, bestScore] = [plan, score];
  }
  return best;
}

function scoreOf(plan: Plan<PlannableIndex>): number {
  return plan.equal.length * 10 + (plan.intervals ? 5 : 0) + (plan.isSorted ? 4 : 0);
}

function planFor<I extends PlannableIndex>(
  index: I,
  conditions: Conditions,
  sort: Sort | undefined,
): Plan<I> | null {
  const equal: Key[] = [];
  let intervals: Interval[] | null = null;
  let isComplete = !index.sparse;
  for (const { path } of index.fields) {
    const known = conditions.get(path);
    if (!known) break;
    const condition = narrowest(known, index.multikey);
    isComplete ||= condition.present && !(allowsNull(condition) && !isEverything(condition));
    if (condition.intervals.length === 1 && isPoint(condition.intervals[0]!)) {
      equal.push(condition.intervals[0]!.low);
      continue;
    }
    // In a sparse index "exists" is a limit: the index holds nothing else.
    if (!isEverything(condition) || index.sparse) intervals = condition.intervals;
    break;
  }
  if (!isComplete) return null;
  const order = sort && !index.multikey ? orderOf(index, equal.length, intervals, sort) : null;
  const isReversed = order === -1;
  if (intervals)
    intervals = inOrder(intervals, index.fields[equal.length]!.direction === 1 ? order !== -1 : order === -1);
  return { index, equal, intervals, isSorted: order !== null, isReversed };
}

function isEverything(condition: Condition): boolean {
  return condition.intervals[0] === EVERYTHING;
}

function inOrder(intervals: Interval[], isAscending: boolean): Interval[] {
  const sorted = [...intervals].sort((left, right) => compareKeys(left.low, right.low));
  const distinct = sorted.filter((next, at) => at === 0 || !isSamePoint(next, sorted[at - 1]!));
  return isAscending ? distinct : distinct.reverse();
}

function isSamePoint(left: Interval, right: Interval): boolean {
  return isPoint(left) && isPoint(right) && compareKeys(left.low, right.low) === 0;
}

/** 1 or -1 when a scan of the index, forwards or backwards, is in the order of the sort; else null. */
function orderOf(
  index: PlannableIndex,
  equalFields: number,
  intervals: Interval[] | null,
  sort: Sort,
): 1 | -1 | null {
  const constant = new Set(index.fields.slice(0, equalFields).map((field) => field.path));
  const wanted = Object.entries(sort).filter(([path]) => !constant.has(path));
  const rest = index.fields.slice(equalFields);
  if (wanted.length === 0) return 1;
  if (wanted.length > rest.length) return null;
  if (intervals && intervals.length > 1 && wanted[0]![0] !== rest[0]!.path) return null;
  const flip = (wanted[0]![1] * rest[0]!.direction) as 1 | -1;
  const isInOrder = wanted.every(
    ([path, direction], at) => rest[at]!.path === path && rest[at]!.direction * flip === direction,
  );
  return isInOrder ? flip : null;
}
