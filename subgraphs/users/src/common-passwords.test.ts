import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';
import { password } from './credential-rules.ts';

test.each([
  'password',
  'PASSWORD',
  'Password123!',
  '12345678',
  'qwertyuiop',
  'Iloveyou1',
  'contrasen\u0303a',
])('%s is common', (text) => {
  expect(isCommonPassword(text)).toBe(true);
});

test.each(['correct horse', 'passwordpasswordpassword', 'kX9-vv2-Lq0', '# passwords', ''])(
  '%j is not',
  (text) => {
    expect(isCommonPassword(text)).toBe(false);
  },
);

test('the list says where it is from, and has nothing that could not be a password or would never be found', () => {
  const lines = readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const entries = lines.filter((line) => !line.startsWith('#'));
  expect(lines.slice(0, lines.length - entries.length).join('\n')).toMatch(/Source:.*Licence:/s);
  expect(entries.length).toBeGreaterThan(1_000);
  expect(new Set(entries).size).toBe(entries.length);
  for (const entry of entries) {
    expect(password.safeParse(entry).success, entry).toBe(true);
    expect(isCommonPassword(entry), entry).toBe(true);
  }
});
