import { Context } from 'mingo/core';
import { $and, $elemMatch, $not, $or } from 'mingo/operators/query';
import { Query } from 'mingo/query';
import { isOperators } from '../subset.ts';
import { isPlainObject } from '../subset-values.ts';
import type { Stored } from './codec.ts';
import { compareKeys } from './keys.ts';
import { isSame, valuesAt } from './values.ts';

type Condition = (values: unknown[]) => boolean;
type Operator = (path: string, operand: unknown) => (document: unknown) => boolean;

/** An operator that decides by the values at its path. */
function onValues(compile: (operand: never) => Condition): Operator {
  return (path, operand) => {
    const segments = path.split('.');
    const condition = compile(operand as never);
    return (document) => condition(valuesAt(document, segments));
  };
}

function equal(operand: unknown): Condition {
  return (values) => values.some((value) => isSame(value, operand));
}

function matching(regExp: RegExp): Condition {
  return (values) => values.some((value) => typeof value === 'string' && regExp.test(value));
}

function among(operands: unknown[]): Condition {
  const scalars = new Set(operands.filter((operand) => typeof operand !== 'object'));
  const others = operands.filter((operand) => typeof operand === 'object').map(equal);
  return (values) => values.some((value) => scalars.has(value)) || others.some((isEqual) => isEqual(values));
}

function all(operands: unknown[]): Condition {
  const conditions = operands.map((operand) =>
    operand instanceof RegExp ? matching(operand) : equal(operand),
  );
  return (values) => conditions.length > 0 && conditions.every((condition) => condition(values));
}

function typeOf(value: unknown): string {
  return value instanceof Date ? 'date' : typeof value;
}

/** What values of one type are compared by. */
function ordinal(value: unknown): number | string {
  return typeof value === 'string' ? value : Number(value);
}

/** Ranges never leave the operand's type: { $gte: 5 } matches no string and no missing field. */
function range(accepts: (order: number) => boolean): (operand: unknown) => Condition {
  return (operand) => {
    const type = typeOf(operand);
    const bound = ordinal(operand);
    return (values) =>
      values.some((value) => typeOf(value) === type && accepts(compareKeys(ordinal(value), bound)));
  };
}

function not(compile: (operand: never) => Condition): (operand: never) => Condition {
  return (operand) => {
    const condition = compile(operand);
    return (values) => !condition(values);
  };
}

/**
 * mingo gives the structure of a filter; the operators that look at values are ours, since mingo departs from
 * MongoDB in arrays on the way of a path, in $in and in $all. No other operator is known to it.
 */
const context = Context.init({
  query: {
    $and,
    $or,
    $not,
    $elemMatch,
    $eq: onValues(equal),
    $ne: onValues(not(equal)),
    $in: onValues(among),
    $nin: onValues(not(among)),
    $all: onValues(all),
    $regex: onValues(matching),
    $gt: onValues(range((order) => order > 0)),
    $gte: onValues(range((order) => order >= 0)),
    $lt: onValues(range((order) => order < 0)),
    $lte: onValues(range((order) => order <= 0)),
    $exists: onValues(
      (operand: boolean) => (values) => operand === values.some((value) => value !== undefined),
    ),
  } as never,
});

const mingoOptions = { context };

/** Compiles a filter that checkFilter has accepted. */
export function matcher(filter: Record<string, unknown>): (document: Stored) => boolean {
  if (Object.keys(filter).length === 0) return () => true;
  const query = new Query(filter, mingoOptions);
  return (document) => query.test(document);
}

/** Whether $pull takes an element away: a condition with fields is a filter on elements that are documents. */
export function elementMatcher(condition: unknown): (element: unknown) => boolean {
  if (!isPlainObject(condition)) return (element) => isSame(element, condition);
  const isFilter = !isOperators(condition) || '$and' in condition || '$or' in condition;
  const query = new Query(isFilter ? condition : { element: condition }, mingoOptions);
  if (!isFilter) return (element) => query.test({ element });
  return (element) => isPlainObject(element) && query.test(element);
}

/** The projected document; it may share values with the one given. */
export function project(document: Stored, projection: Record<string, 0 | 1> | undefined): Stored {
  if (!projection || Object.keys(projection).length === 0) return document;
  if (Object.keys(projection).every((path) => !path.includes('.'))) return pick(document, projection);
  return new Query({}, mingoOptions).find<Stored>([document], projection).all()[0]!;
}

/** A projection of whole fields, in the order of the document. Most are such, and mingo takes 20 times as long. */
function pick(document: Stored, projection: Record<string, 0 | 1>): Stored {
  const { _id, ...others } = projection;
  const isInclusion = Object.values(others)[0] === 1 || (_id === 1 && Object.keys(others).length === 0);
  const picked: Record<string, unknown> = {};
  for (const key in document) {
    const given = key === '_id' ? (_id ?? 1) : (others[key] ?? (isInclusion ? 0 : 1));
    if (given === 1) picked[key] = document[key];
  }
  return picked as Stored;
}
