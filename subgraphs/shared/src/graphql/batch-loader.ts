import DataLoader from 'dataloader';
import { maxPageSize } from './paging.ts';

/**
 * A DataLoader for one request over `loadMany`, which answers in any order and leaves out what is not there.
 * Keys asked for in one tick become one query; the batch is bounded so that no query grows without limit.
 */
export function createBatchLoader<Value>(
  loadMany: (keys: readonly string[]) => Promise<Value[]>,
  keyOf: (value: Value) => string,
): DataLoader<string, Value | null> {
  return new DataLoader(
    async (keys) => {
      const found = new Map((await loadMany(keys)).map((value) => [keyOf(value), value]));
      return keys.map((key) => found.get(key) ?? null);
    },
    { maxBatchSize: maxPageSize * 4 },
  );
}
