import { copyOf, type Stored } from './codec.ts';
import { compareKeys, keyOf } from './keys.ts';
import { elementMatcher } from './match.ts';
import { isPosition, isSame } from './values.ts';

/** Reads and writes the field that an update names. */
interface Field {
  path: string;
  value: unknown;
  write(value: unknown): void;
}

type Apply = (field: Field, operand: unknown) => void;
type Update = Record<string, Record<string, unknown>>;

/**
 * Applies an update that checkUpdate has accepted to a document in place. It is written here rather than taken
 * from mingo because mingo passes in silence over what MongoDB refuses: $inc of text, $push to a number, a field
 * inside a null. Throws where MongoDB refuses; the caller then drops the half-changed document.
 */
export function applyUpdate(document: Stored, update: Update, isInsert: boolean): void {
  for (const [operator, fields] of Object.entries(update)) {
    if (operator === '$setOnInsert' && !isInsert) continue;
    for (const [path, operand] of Object.entries(fields)) {
      if (operand === undefined) continue;
      if (operator === '$unset') unset(document, path);
      else if (operator === '$pull') pull(document, path, operand);
      else apply[operator]!(fieldAt(document, path), operand);
    }
  }
}

/** The first segments of the paths that an update writes: an index on none of them keeps its entries. */
export function touchedFields(update: Update): Set<string> {
  const roots = Object.values(update).flatMap((fields) => Object.keys(fields));
  return new Set(roots.map((path) => path.split('.', 1)[0]!));
}

const set: Apply = (field, operand) => field.write(copyOf(operand));

const apply: Record<string, Apply> = {
  $set: set,
  $setOnInsert: set,
  $inc(field, operand) {
    if (field.value !== undefined && typeof field.value !== 'number')
      throw wrongType('$inc', field, 'number');
    const sum = (field.value ?? 0) + (operand as number);
    if (!Number.isFinite(sum))
      throw new Error(`documents: $inc of ${field.path} leaves the range of numbers`);
    field.write(sum);
  },
  $min(field, operand) {
    if (field.value === undefined || compareKeys(keyOf(operand), keyOf(field.value)) < 0) set(field, operand);
  },
  $max(field, operand) {
    if (field.value === undefined || compareKeys(keyOf(operand), keyOf(field.value)) > 0) set(field, operand);
  },
  $push(field, operand) {
    field.write([...arrayOf('$push', field), ...(copyOf(eachOf(operand)) as unknown[])]);
  },
  $addToSet(field, operand) {
    const items = [...arrayOf('$addToSet', field)];
    for (const item of copyOf(eachOf(operand))) {
      if (!items.some((present) => isMember(present, item))) items.push(item);
    }
    field.write(items);
  },
};

function isMember(present: unknown, item: unknown): boolean {
  return present === item || (present !== null && item !== null && isSame(present, item));
}

function eachOf(operand: unknown): unknown[] {
  const isEach = typeof operand === 'object' && operand !== null && '$each' in operand;
  return isEach ? (operand.$each as unknown[]) : [operand];
}

function arrayOf(operator: string, field: Field): unknown[] {
  if (field.value === undefined) return [];
  if (!Array.isArray(field.value)) throw wrongType(operator, field, 'array');
  return field.value;
}

function wrongType(operator: string, field: Field, needed: string): Error {
  return new Error(
    `documents: ${operator} of ${field.path} needs ${needed} there, not ${JSON.stringify(field.value)}`,
  );
}

/** The field at the path; missing parents are made. */
function fieldAt(document: Stored, path: string): Field {
  const segments = path.split('.');
  const key = segments.pop()!;
  let container = document as Record<string, unknown>;
  for (const segment of segments) {
    container = holder(container, segment, path);
    if (container[segment] === undefined) write(container, segment, {});
    container = container[segment] as Record<string, unknown>;
  }
  holder(container, key, path);
  const parent = container;
  return { path, value: parent[key], write: (value) => write(parent, key, value) };
}

/** The container itself, if it can hold a field of this name. */
function holder(container: unknown, segment: string, path: string): Record<string, unknown> {
  const isHolder = Array.isArray(container)
    ? isPosition(segment)
    : typeof container === 'object' && container !== null && !(container instanceof Date);
  if (!isHolder)
    throw new Error(
      `documents: cannot create the field ${segment} of ${path} in ${JSON.stringify(container)}`,
    );
  return container as Record<string, unknown>;
}

function write(container: Record<string, unknown>, key: string, value: unknown): void {
  // Setting a position beyond an array's end fills the gap with null, as MongoDB does.
  if (Array.isArray(container)) while (container.length < Number(key)) container.push(null);
  container[key] = value;
}

function unset(document: Stored, path: string): void {
  const parent = parentOf(document, path);
  const key = path.slice(path.lastIndexOf('.') + 1);
  if (!parent || !Object.hasOwn(parent, key)) return;
  if (Array.isArray(parent)) parent[Number(key)] = null;
  else delete parent[key];
}

function pull(document: Stored, path: string, condition: unknown): void {
  const parent = parentOf(document, path);
  const key = path.slice(path.lastIndexOf('.') + 1);
  const items = parent?.[key];
  if (!parent || items === undefined) return;
  if (!Array.isArray(items)) throw wrongType('$pull', { path, value: items, write: () => {} }, 'array');
  const isPulled = elementMatcher(condition);
  parent[key] = items.filter((item) => !isPulled(item));
}

function parentOf(document: Stored, path: string): Record<string, unknown> | undefined {
  let parent: unknown = document;
  for (const segment of path.split('.').slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, segment)) return undefined;
    parent = (parent as Record<string, unknown>)[segment];
  }
  return typeof parent === 'object' && parent !== null ? (parent as Record<string, unknown>) : undefined;
}
