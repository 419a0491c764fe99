import type { DeadLetter } from '@shop/shared/events/dead-letters';
import { describe, expect, test } from 'vitest';
import { formatJson, formatLetter, formatRow, visible } from './format.ts';

/** Colours by ESC and by the one-byte CSI, a bell, a carriage return, a right-to-left override, a line separator. */
const hostile = 'a\u001b[31mb\u009b31mc\u0007d\re\u202ef\u2028g\u{e0041}h\tié✓\ufffd';
const shown = 'a\\u001b[31mb\\u009b31mc\\u0007d\\u000de\\u202ef\\u2028g\\udb40\\udc41h\\u0009ié✓\ufffd';

const letter: DeadLetter = {
  place: { topic: 'orders.v1.dlq', partition: 0, offset: 12 },
  sourceTopic: 'orders.v1',
  source: { topic: 'orders.v1', partition: 3, offset: 41 },
  replayOf: null,
  cause: hostile,
  setAsideAt: hostile,
  cutFromBytes: null,
  key: hostile,
  value: `${hostile}\nid           orders.v1.dlq/0/99`,
  headers: { [hostile]: hostile },
};

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('what a letter holds', () => {
  test('commands no terminal and deceives no reader', () => {
    expect(visible(hostile)).toBe(shown);
    expect(formatRow(letter)).not.toMatch(unsafe);
    expect(formatLetter(letter, null).replaceAll('\n', '')).not.toMatch(unsafe);
    expect(formatJson(letter, { resolution: null })).not.toMatch(unsafe);
  });

  test('is one line in a list, whatever it holds', () => {
    const long = { ...letter, key: 'k'.repeat(500), cause: `${'c'.repeat(400)}\n` };
    const row = formatRow(long);
    expect(row.length).toBeLessThan(400);
    expect(row).toMatch(/^orders\.v1\.dlq\/0\/12 .* orders\.v1\/3\/41 .*k….*c…$/);
    expect(formatRow({ ...letter, source: null, replayOf: letter.source })).toMatch(
      /unknown .*first found at orders\.v1\/3\/41\)$/,
    );
  });

  test('cannot forge a line of ours', () => {
    const lines = formatLetter(letter, { kind: 'replayed', at: '2025-03-01T10:00:00.000Z' }).split('\n');
    expect(lines.filter((line) => line.startsWith('id '))).toEqual(['id           orders.v1.dlq/0/12']);
    expect(lines).toContain('state        replayed 2025-03-01T10:00:00.000Z');
    expect(lines).toContain('found at     orders.v1/3/41');
  });

  test('is whole for a program', () => {
    const { place, sourceTopic, ...rest } = letter;
    const parsed = JSON.parse(formatJson(letter, { resolution: null }));
    expect(parsed).toEqual({ id: 'orders.v1.dlq/0/12', ...rest, resolution: null });
    const { headers, value, ...row } = rest;
    expect(JSON.parse(formatJson(letter, null))).toEqual({ id: 'orders.v1.dlq/0/12', ...row });
  });
});
