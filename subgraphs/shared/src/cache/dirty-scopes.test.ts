import { expect, test } from 'vitest';
import { createDirtyScopes } from './dirty-scopes.ts';

test('an acknowledgement covers what was added before its command was sent, and nothing later', () => {
  const dirty = createDirtyScopes({ maxScopes: 10, entriesGoneAfterMs: 60_000, nowMs: () => 0 });
  dirty.add(['a', 'b']);
  const mark = dirty.mark();
  dirty.add(['b', 'c']);
  dirty.acknowledged(['a', 'b', 'c'], mark);
  expect(['a', 'b', 'c'].map(dirty.has)).toEqual([false, true, true]);
  dirty.acknowledged(['b', 'c'], dirty.mark());
  expect(dirty.size).toBe(0);
});

test('past its bound every scope is dirty until no old entry can be left', () => {
  let nowMs = 0;
  const dirty = createDirtyScopes({ maxScopes: 2, entriesGoneAfterMs: 60_000, nowMs: () => nowMs });
  dirty.add(['a', 'b', 'c']);
  expect(dirty.size).toBe(2);
  expect(dirty.oldest(1)).toEqual(['a']);
  dirty.acknowledged(['a', 'b'], dirty.mark());
  nowMs = 59_999;
  expect(dirty.has('any other')).toBe(true);
  nowMs = 60_000;
  expect(dirty.has('any other')).toBe(false);
});
