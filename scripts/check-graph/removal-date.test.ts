import { expect, test } from 'vitest';
import { hasPassed, removalDateOf } from './removal-date.ts';

test.each([
  ['Use cost; removed on 2026-06-01.', '2026-06-01'],
  ['Since 2026-01-01 in favour of cost, removed on 2026-06-01.', '2026-06-01'],
  ['2026-06-01 at the latest, of old 2025-01-01', '2026-06-01'],
  ['removed 2028-02-29', '2028-02-29'],
  ['Use cost.', null],
  ['removed on 2026-02-30', null],
  ['removed on 2026-13-01', null],
  ['removed in 2026-06', null],
  ['ticket 12026-06-012', null],
])('%j names %j', (reason, day) => {
  expect(removalDateOf(reason)).toBe(day);
});

test('a day has passed when it is over', () => {
  expect(hasPassed('2026-06-01', new Date('2026-06-01T23:59:59.999Z'))).toBe(false);
  expect(hasPassed('2026-06-01', new Date('2026-06-02T00:00:00.000Z'))).toBe(true);
});
