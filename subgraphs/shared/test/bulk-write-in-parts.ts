import type { BulkWrite, BulkWriteResult, Collection, Doc } from '../src/documents/port.ts';

/** Runs a bulkWrite as several, with a word before each of them: a server applies it one by one too. */
export async function bulkWriteInParts(
  collection: Collection<Doc>,
  parts: BulkWrite<Doc>[][],
  options: { ordered?: boolean } | undefined,
  beforePart: (index: number) => Promise<void>,
): Promise<BulkWriteResult> {
  const total: BulkWriteResult = {
    insertedCount: 0,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    upsertedCount: 0,
  };
  for (const [index, part] of parts.entries()) {
    await beforePart(index);
    const result = await collection.bulkWrite(part, options);
    for (const key of Object.keys(total) as (keyof BulkWriteResult)[]) total[key] += result[key];
  }
  return total;
}
