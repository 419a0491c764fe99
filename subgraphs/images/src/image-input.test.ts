import { expect, test } from 'vitest';
import { imageEditInput, newImageInput } from './image-input.ts';

const good = { productId: 'p-1_A', url: 'https://example.org/tea.png' };
const isGood = (changes: object) => newImageInput.safeParse({ ...good, ...changes }).success;

test.each([
  'http://example.org',
  'HTTPS://example.org/a?b=c#d',
  'http://127.0.0.1:8080/ä%20b.png',
  `https://example.org/${'x'.repeat(2_028)}`,
])('the url %s is good', (url) => {
  expect(isGood({ url })).toBe(true);
});

test.each([
  '',
  'tea.png',
  '//example.org/tea.png',
  'ftp://example.org/tea.png',
  'javascript:alert(1)',
  'data:image/png;base64,AAAA',
  'http:example.org',
  'http://',
  'https://exa mple.org',
  ' https://example.org',
  'https://example.org/a b.png',
  'https://example.org/\ntea.png',
  'https://example.org/\u0000',
  'https://example.org/\ud800',
  `https://example.org/${'x'.repeat(2_029)}`,
])('the url %j is not', (url) => {
  expect(isGood({ url })).toBe(false);
});

test('a priority is a whole number of 0 to 100, 100 when nothing is said', () => {
  for (const priority of [0, 100, null, undefined]) expect(isGood({ priority })).toBe(true);
  for (const priority of [-1, 101, 1.5, '5']) expect(isGood({ priority })).toBe(false);
  expect(newImageInput.parse(good).priority).toBe(100);
});

test('a product id is 1 to 64 of A-Z a-z 0-9 _ -', () => {
  expect(isGood({ productId: 'x'.repeat(64) })).toBe(true);
  for (const productId of ['', 'x'.repeat(65), 'a b', 'a.b', '$where', 'a\n']) {
    expect(isGood({ productId })).toBe(false);
  }
});

test('an edit changes what is there, and never to null', () => {
  expect(imageEditInput.parse({ priority: 0 })).toEqual({ priority: 0 });
  expect(imageEditInput.safeParse({ url: null }).success).toBe(false);
  expect(imageEditInput.safeParse({ priority: null }).success).toBe(false);
});
