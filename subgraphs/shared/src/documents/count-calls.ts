import { interceptDocuments } from './intercept-documents.ts';
import type { Documents } from './port.ts';

/** Counts the operations on any collection, so that a test can show that a query costs no N+1. */
export function countCalls(documents: Documents): { documents: Documents; calls(): number; reset(): void } {
  let calls = 0;
  return {
    documents: interceptDocuments(documents, (_operation, run) => {
      calls += 1;
      return run();
    }),
    calls: () => calls,
    reset: () => {
      calls = 0;
    },
  };
}
