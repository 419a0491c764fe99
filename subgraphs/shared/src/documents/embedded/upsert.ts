import { isOperators } from '../subset.ts';
import { copyOf, type Stored } from './codec.ts';
import { applyUpdate } from './update.ts';

type Update = Record<string, Record<string, unknown>>;

/** The document that an upsert inserts: the filter's equal fields, then the update with $setOnInsert. */
export function upsertedDocument(filter: Record<string, unknown>, update: Update): Stored {
  const document = {} as Stored;
  const fields: Record<string, unknown> = {};
  collectEqual(filter, fields);
  applyUpdate(document, { $set: fields }, true);
  applyUpdate(document, update, true);
  if (fields._id !== undefined && fields._id !== document._id) {
    throw new Error('documents: an upsert cannot give another _id than its filter names');
  }
  return copyOf(document);
}

function collectEqual(filter: Record<string, unknown>, fields: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and') for (const part of value as Record<string, unknown>[]) collectEqual(part, fields);
    else if (key === '$or' || value instanceof RegExp) continue;
    else if (!isOperators(value)) fields[key] = value;
    else if ('$eq' in value) fields[key] = value.$eq;
  }
}
