import { UnavailableError } from '../../unavailable.ts';
import { isDuplicateKey, portError } from './mongo-errors.ts';

/** No operation keeps its caller longer, whatever the server does. */
export const OPERATION_DEADLINE_MS = 5_000;
/** Every loser of a race for an _id finds the winner's document at its next try. */
const MAX_UPSERT_TRIES = 3;

/** Runs one operation within the deadline; rejects with the port's errors. */
export async function attempt<R>(operation: () => Promise<R>): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new UnavailableError(`MongoDB did not answer within ${OPERATION_DEADLINE_MS} ms`)),
      OPERATION_DEADLINE_MS,
    );
  });
  try {
    return await Promise.race([operation(), deadline]);
  } catch (error) {
    throw portError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs an upsert, again when another one was first to insert the document. */
export async function attemptUpsert<R>(
  isUpsert: boolean | undefined,
  operation: () => Promise<R>,
): Promise<R> {
  if (!isUpsert) return attempt(operation);
  return attempt(async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await operation();
      } catch (error) {
        if (tries === MAX_UPSERT_TRIES || !isDuplicateKey(error)) throw error;
      }
    }
  });
}
