import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prefixOf, termsOf, wordsOf } from './terms.ts';

describe('wordsOf', () => {
  test.each<[string, string[]]>([
    ['', []],
    [' - ', []],
    ['Green  tea', ['green', 'tea']],
    ['Crème brûlée', ['creme', 'brulee']],
    ['Cre\u0300me', ['creme']],
    ['ﬁg ½ x²', ['fig', '1', '2', 'x2']],
    ['Straße STRASSE STRAẞE', ['strasse']],
    ['İstanbul', ['istanbul']],
    ['ΟΔΟΣ οδός', ['οδοσ']],
    ['tea TEA Tea', ['tea']],
    ['C++ (70%)', ['c', '70']],
    ["l'été, l’été", ['l', 'ete']],
    ['抹茶 tea', ['抹茶', 'tea']],
    ['a.b_c', ['a', 'b', 'c']],
  ])('of %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test('any text: every word of it, and every beginning of one, finds it whatever its case', () => {
    const cased = fc.constantFrom(
      (text: string) => text.toUpperCase(),
      (text: string) => text.toLowerCase(),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        cased,
        fc.nat(10),
        (text, inCase, length) => {
          const terms = wordsOf(text);
          for (const word of wordsOf(inCase(text))) {
            const beginning = [...word].slice(0, length + 1).join('');
            expect(terms.some((term) => prefixOf(beginning).test(term))).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any text: words hold letters and digits only, so that a prefix needs no escaping', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of wordsOf(text)) expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
      }),
    );
  });
});

test('termsOf keeps the first 32 words', () => {
  const words = Array.from({ length: 40 }, (_, n) => `w${n}`);
  expect(termsOf(words.join(' '))).toEqual(words.slice(0, 32));
});

test('prefixOf matches beginnings only', () => {
  expect(prefixOf('cho').test('chocolate')).toBe(true);
  expect(prefixOf('hoc').test('chocolate')).toBe(false);
});
