import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError } from 'mongodb';
import type { BulkWriteResult, Doc } from '../port.ts';
import { DUPLICATE_KEY } from './mongo-errors.ts';

type Write = AnyBulkWriteOperation<Doc>;

const MAX_TRIES = 3;

/**
 * The driver's bulkWrite, where upserts that lost a race for their _id are tried again; when ordered, with all
 * that comes after them.
 */
export async function bulkWrite(
  collection: Collection<Doc>,
  writes: Write[],
  ordered: boolean,
): Promise<BulkWriteResult> {
  const total = { insertedCount: 0, matchedCount: 0, modifiedCount: 0, deletedCount: 0, upsertedCount: 0 };
  let remaining = writes;
  let failure: MongoBulkWriteError | null = null;
  for (let tries = 1; remaining.length > 0; tries += 1) {
    try {
      addTo(total, await collection.bulkWrite(remaining, { ordered }));
      remaining = [];
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
      // The driver wraps what is no answer of the server, like a lost connection, in an error without failures.
      if ([error.writeErrors].flat().length === 0) throw innerError(error);
      addTo(total, error.result);
      const failed = [error.writeErrors].flat();
      const lost = failed.filter((one) => one.code === DUPLICATE_KEY && isUpsert(remaining[one.index]));
      if (lost.length < failed.length || tries === MAX_TRIES) failure ??= error;
      if (tries === MAX_TRIES || (ordered && failure)) break;
      remaining = ordered ? remaining.slice(failed[0]!.index) : lost.map((one) => remaining[one.index]!);
    }
  }
  if (failure) throw failure;
  return total;
}

function innerError(error: MongoBulkWriteError): unknown {
  const inner: unknown = error.errorResponse;
  return inner instanceof Error ? inner : error;
}

function isUpsert(write: Write | undefined): boolean {
  return write !== undefined && 'updateOne' in write && write.updateOne.upsert === true;
}

function addTo(total: BulkWriteResult, counts: BulkWriteResult): void {
  for (const name of Object.keys(total) as (keyof BulkWriteResult)[]) total[name] += counts[name];
}
