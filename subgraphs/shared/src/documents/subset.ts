import { checkPath, checkValue, isPlainObject, unsupported } from './subset-values.ts';

/**
 * The subset of MongoDB's query language that port.ts documents. Both adapters check against it, so that what
 * runs in development runs in production, and the other way round.
 */

/**
 * Throws, naming the operator, where a filter leaves the subset. An undefined value is refused too: the driver
 * would drop the field, and `{ _id: undefined }` would match everything.
 */
export function checkFilter(filter: unknown): void {
  if (!isPlainObject(filter)) throw new Error('documents: a filter is an object');
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(value) || value.length === 0)
        throw new Error(`documents: ${key} needs a list of filters`);
      value.forEach(checkFilter);
    } else if (key.startsWith('$')) throw unsupported('filter operator', key);
    else {
      checkPath(key);
      checkFieldFilter(key, value);
    }
  }
}

/** Whether this is an object of operators, like { $gte: 5 }, rather than a value to equal. */
export function isOperators(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && Object.keys(value).some((key) => key.startsWith('$'));
}

function checkFieldFilter(path: string, value: unknown): void {
  if (value instanceof RegExp) checkRegExp(value);
  else if (isOperators(value)) {
    for (const [operator, operand] of Object.entries(value)) checkOperator(path, operator, operand);
  } else checkOperand(path, value);
}

function checkOperand(path: string, value: unknown): void {
  if (value === undefined) throw new Error(`documents: the filter value of ${path} is undefined`);
  checkValue(value);
}

function checkOperator(path: string, operator: string, operand: unknown): void {
  if (!Object.hasOwn(OPERATORS, operator)) throw unsupported('filter operator', operator);
  OPERATORS[operator]!(operand, path, operator);
}

type Check = (operand: unknown, path: string, operator: string) => void;

const checkEqual: Check = (operand, path) => checkOperand(path, operand);

const checkAmong: Check = (operand, path, operator) => {
  for (const item of listOf(operator, operand)) checkOperand(path, item);
};

const checkRange: Check = (operand, path, operator) => {
  if (operand === null || (typeof operand === 'object' && !(operand instanceof Date))) {
    throw new Error(`documents: ${operator} on ${path} needs a number, string, boolean or Date`);
  }
  checkOperand(path, operand);
};

const OPERATORS: Record<string, Check> = {
  $eq: checkEqual,
  $ne: checkEqual,
  $gt: checkRange,
  $gte: checkRange,
  $lt: checkRange,
  $lte: checkRange,
  $in: checkAmong,
  $nin: checkAmong,
  $all(operand, path) {
    for (const item of listOf('$all', operand)) {
      if (item instanceof RegExp) checkRegExp(item);
      else checkOperand(path, item);
    }
  },
  $exists(operand) {
    if (typeof operand !== 'boolean') throw new Error('documents: $exists needs true or false');
  },
  $not(operand, path) {
    const isCondition = operand instanceof RegExp || isOperators(operand);
    if (!isCondition) throw new Error('documents: $not needs operators or a RegExp');
    checkFieldFilter(path, operand);
  },
  $elemMatch: (operand, path) => checkElement(path, operand),
};

/** An array element is matched by operators on itself ($gte) or, when it is a document, by a filter. */
export function checkElement(path: string, condition: unknown): void {
  if (isElementOperators(condition)) checkFieldFilter(path, condition);
  else checkFilter(condition);
}

function isElementOperators(condition: unknown): boolean {
  return isOperators(condition) && !('$and' in condition) && !('$or' in condition);
}

function listOf(operator: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new Error(`documents: ${operator} needs a list`);
  return operand;
}

/** Only a case-sensitive prefix can be looked up in an index. */
function checkRegExp(regExp: RegExp): void {
  if (!regExp.source.startsWith('^') || regExp.flags !== '') {
    throw new Error(`documents: the pattern ${regExp} must begin with ^ and have no flags`);
  }
}

/** Throws unless the projection only includes or only excludes fields, _id apart. */
export function checkProjection(projection: unknown): void {
  if (!isPlainObject(projection)) throw new Error('documents: a projection is an object');
  const kinds = new Set<unknown>();
  for (const [path, value] of Object.entries(projection)) {
    checkPath(path);
    if (value !== 0 && value !== 1) throw unsupported('projection of', `${path}: ${JSON.stringify(value)}`);
    if (path !== '_id') kinds.add(value);
  }
  if (kinds.size > 1) throw new Error('documents: a projection cannot both include and exclude fields');
}

/** Throws unless every field of a sort or of an index key is 1 or -1. */
export function checkSort(sort: unknown): void {
  if (!isPlainObject(sort)) throw new Error('documents: a sort is an object');
  for (const [path, direction] of Object.entries(sort)) {
    checkPath(path);
    if (direction !== 1 && direction !== -1) {
      throw unsupported('sort direction', `${path}: ${JSON.stringify(direction)}`);
    }
  }
}

/** Throws unless the list is bounded by a positive integer. */
export function checkLimit(limit: unknown): void {
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) {
    throw new Error('documents: find needs a limit of at least 1');
  }
}
