import { isPlainObject } from '../subset-values.ts';

/** A document inside the adapter. */
export type Stored = Record<string, unknown> & { _id: string };

/**
 * Documents are stored as JSON, where a Date is `{"$date": milliseconds}`. No field's name begins with $, so
 * nothing else looks like it.
 */
export function encode(value: unknown): string {
  return JSON.stringify(toJson(value));
}

export function decode(text: string): Stored {
  const value = JSON.parse(text) as Stored;
  // Most documents hold few Dates or none; text inside a string would have its quotes escaped.
  if (text.includes('{"$date":')) reviveFields(value);
  return value;
}

function toJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return value.map(toJson);
  const json: Record<string, unknown> = {};
  for (const key in value) json[key] = toJson((value as Record<string, unknown>)[key]);
  return json;
}

function reviveFields(container: Record<string, unknown> | unknown[]): void {
  const fields = container as Record<string, unknown>;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value !== 'object' || value === null) continue;
    if ('$date' in value) fields[key] = new Date(value.$date as number);
    else reviveFields(value as Record<string, unknown>);
  }
}

/** A deep copy of stored values, without fields that are undefined. */
export function copyOf<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) return value.map(copy);
  if (!isPlainObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key in value) {
    if (value[key] !== undefined) result[key] = copy(value[key]);
  }
  return result;
}
