import { checkElement, isOperators } from './subset.ts';
import { checkPath, checkValue, isPlainObject, unsupported } from './subset-values.ts';

const OPERATORS = new Set([
  '$set',
  '$unset',
  '$inc',
  '$min',
  '$max',
  '$setOnInsert',
  '$push',
  '$pull',
  '$addToSet',
]);

/**
 * Throws, naming the operator, where an update leaves the subset of port.ts: a replacement, a pipeline, an unknown
 * or positional operator, a change of `_id`, or two operators on one path.
 */
export function checkUpdate(update: unknown): void {
  if (!isPlainObject(update)) throw new Error('documents: an update is an object of operators');
  const entries = Object.entries(update);
  if (entries.length === 0) throw new Error('documents: an update needs an operator');
  const paths: string[] = [];
  for (const [operator, fields] of entries) {
    if (!OPERATORS.has(operator)) throw unsupported('update operator', operator);
    if (!isPlainObject(fields)) throw new Error(`documents: ${operator} needs an object of fields`);
    for (const [path, value] of Object.entries(fields)) {
      checkPath(path);
      const root = path.split('.', 1)[0];
      if (root === '_id' && operator !== '$setOnInsert') throw new Error('documents: _id cannot be updated');
      paths.push(path);
      if (value !== undefined) checkOperand(operator, path, value);
    }
  }
  checkConflicts(paths);
}

function checkOperand(operator: string, path: string, value: unknown): void {
  if (operator === '$unset') return;
  if (operator === '$pull' && isPlainObject(value)) checkElement(path, value);
  else if ((operator === '$push' || operator === '$addToSet') && isOperators(value))
    checkEach(operator, value);
  else {
    if (operator === '$inc' && typeof value !== 'number') {
      throw new Error(`documents: $inc of ${path} needs a number`);
    }
    checkValue(value);
  }
}

function checkEach(operator: string, value: Record<string, unknown>): void {
  const other = Object.keys(value).find((key) => key !== '$each');
  if (other !== undefined) throw unsupported(`modifier of ${operator}`, other);
  if (!Array.isArray(value.$each)) throw new Error(`documents: $each of ${operator} needs a list`);
  checkValue(value.$each);
}

function checkConflicts(paths: string[]): void {
  if (paths.length < 2) return;
  const sorted = paths.map((path) => `${path}.`).sort();
  for (let index = 1; index < sorted.length; index += 1) {
    const [shorter, longer] = [sorted[index - 1]!, sorted[index]!];
    if (longer.startsWith(shorter)) {
      throw new Error(`documents: the update names both ${shorter.slice(0, -1)} and ${longer.slice(0, -1)}`);
    }
  }
}

/** Throws unless an upsert says which _id it inserts: a server would make up one that is no string. */
export function checkUpsert(filter: object, update: object): void {
  const given = idOf(filter) ?? ('$setOnInsert' in update ? idOf(update.$setOnInsert as object) : undefined);
  if (typeof given !== 'string') {
    throw new Error('documents: an upsert needs a string _id in its filter or in $setOnInsert');
  }
}

function idOf(fields: object): unknown {
  if ('$and' in fields) {
    const parts = (fields.$and as object[]).map(idOf);
    const found = parts.find((id) => id !== undefined);
    if (found !== undefined) return found;
  }
  if (!('_id' in fields)) return undefined;
  return isOperators(fields._id) ? fields._id.$eq : fields._id;
}
