import { expect, test } from 'vitest';
import { newSampleInput } from './sample-input.ts';

const good = { productId: 'p-1_A', text: 'As it should be.' };
const isGood = (changes: object) => newSampleInput.safeParse({ ...good, ...changes }).success;

test('a text has 1 to 1000 characters, without the blanks around it', () => {
  for (const text of ['x', 'x'.repeat(1_000)]) expect(isGood({ text })).toBe(true);
  for (const text of ['', ' \n', 'x'.repeat(1_001), 7, null]) expect(isGood({ text })).toBe(false);
  expect(newSampleInput.parse({ ...good, text: ' kept \n' }).text).toBe('kept');
});

test('a product id is 1 to 64 of A-Z a-z 0-9 _ -', () => {
  expect(isGood({ productId: 'x'.repeat(64) })).toBe(true);
  for (const productId of ['', 'x'.repeat(65), 'a b', 'a.b', '$where', 'a\n']) {
    expect(isGood({ productId })).toBe(false);
  }
});
