/** Runs the task for every item, at most `limit` at a time; answers stand in the order of the items. */
export async function inParallel<Item, Result>(
  limit: number,
  items: readonly Item[],
  task: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await task(item, index);
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}

/** 0, 1, … count - 1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What the call answered and how long it took. */
export async function timed<T>(call: () => Promise<T>): Promise<{ value: T; tookMs: number }> {
  const startMs = performance.now();
  const value = await call();
  return { value, tookMs: performance.now() - startMs };
}
