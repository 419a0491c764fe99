import { expect, test } from 'vitest';
import { dateTimeScalar } from './date-time.ts';

test.each([
  ['a Date', new Date(Date.UTC(2026, 0, 31, 12))],
  ['a text in another zone', '2026-01-31T13:00:00+01:00'],
])('%s is answered as RFC 3339 in UTC', (_, value) => {
  expect(dateTimeScalar.serialize(value)).toBe('2026-01-31T12:00:00.000Z');
});

test('what is no moment is refused', () => {
  expect(() => dateTimeScalar.serialize('yesterday')).toThrow('invalid date');
});
