import { expect, test } from 'vitest';
import type { Decision } from './decision.ts';
import { createDecisionWriter } from './decision-writer.ts';

const decision = (orderId: string): Decision => ({ orderId, status: 'CONFIRMED', lines: [], total: 0 });

/** A store whose writes end when they are told to. */
function slowStore() {
  const writes: { ids: string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const decide = (decisions: Decision[]) =>
    new Promise<void>((end, fail) => {
      writes.push({ ids: decisions.map(({ orderId }) => orderId), end, fail });
    });
  return { writes, write: createDecisionWriter({ decide }, () => new Date(0), 4) };
}

test('whoever is second waits for the first write, and writes only what is new', async () => {
  const { writes, write } = slowStore();
  const settled: string[] = [];
  const first = write(['a', 'b'].map(decision)).then(() => settled.push('first'));
  const second = write(['b', 'c'].map(decision)).then(() => settled.push('second'));
  expect(writes.map(({ ids }) => ids)).toEqual([['a', 'b'], ['c']]);
  writes[1]?.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toEqual([]);
  writes[0]?.end();
  await Promise.all([first, second]);
  await write([decision('a')]);
  expect(writes).toHaveLength(2);
});

test('a write that failed fails for both, and is made again', async () => {
  const { writes, write } = slowStore();
  const outcomes = [write([decision('a')]), write([decision('a')])].map((one) =>
    one.catch((error: Error) => error.message),
  );
  writes[0]?.fail(new Error('away'));
  expect(await Promise.all(outcomes)).toEqual(['away', 'away']);
  const again = write([decision('a')]);
  expect(writes.map(({ ids }) => ids)).toEqual([['a'], ['a']]);
  writes[1]?.end();
  await again;
});

test('only so many are remembered: one that is forgotten is written again', async () => {
  const { writes, write } = slowStore();
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    const writing = write([decision(id)]);
    writes.at(-1)?.end();
    await writing;
  }
  void write([decision('e')]);
  expect(writes).toHaveLength(5);
  void write([decision('a')]);
  expect(writes).toHaveLength(6);
});
