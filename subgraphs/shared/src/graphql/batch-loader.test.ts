import { expect, test } from 'vitest';
import { createBatchLoader } from './batch-loader.ts';

/** A loader over a store that knows the ids other than `gone`, and the batches that it was asked for. */
function loaderOverStore() {
  const batches: (readonly string[])[] = [];
  const loader = createBatchLoader(
    async (ids) => {
      batches.push(ids);
      return ids
        .filter((id) => id !== 'gone')
        .map((id) => ({ id }))
        .reverse();
    },
    (value) => value.id,
  );
  return { loader, batches };
}

test('what is asked for in one tick is one query, each answer at its key, null where nothing is', async () => {
  const { loader, batches } = loaderOverStore();
  const answers = await Promise.all(['a', 'gone', 'b', 'a'].map((id) => loader.load(id)));
  expect(answers).toEqual([{ id: 'a' }, null, { id: 'b' }, { id: 'a' }]);
  expect(batches).toEqual([['a', 'gone', 'b']]);
});

test('no query is longer than 1,000 keys', async () => {
  const { loader, batches } = loaderOverStore();
  await Promise.all(Array.from({ length: 2_500 }, (_, n) => loader.load(`id-${n}`)));
  expect(batches.map((batch) => batch.length)).toEqual([1_000, 1_000, 500]);
});
