import { expect, test } from 'vitest';
import { password, passwordBytes, username, usernameKeyOf } from './credential-rules.ts';

test.each(['abc', 'A.b-c_9', 'x'.repeat(32)])('the username %s is good', (name) => {
  expect(username.safeParse(name).success).toBe(true);
});

test.each(['ab', 'x'.repeat(33), 'ann smith', 'änne', 'ann\n', ' ann', ''])(
  'the username %j is not',
  (name) => {
    expect(username.safeParse(name).success).toBe(false);
    expect(usernameKeyOf(name)).toBeNull();
  },
);

test('two spellings of a username have one key', () => {
  expect(usernameKeyOf('Ann.B')).toBe(usernameKeyOf('aNN.b'));
});

test.each([
  ['7 bytes', '1234567', false],
  ['8 bytes', 'password', true],
  ['4 letters of 2 bytes', 'äöüß', true],
  ['3 letters of 2 bytes', 'äöü', false],
  ['2 letters of 4 bytes', '🔑🔑', true],
  ['128 bytes', 'x'.repeat(128), true],
  ['129 bytes', 'x'.repeat(129), false],
  ['64 letters of 2 bytes', 'ä'.repeat(64), true],
  ['65 letters of 2 bytes', 'ä'.repeat(65), false],
])('a password of %s', (_, text, isGood) => {
  expect(password.safeParse(text).success).toBe(isGood);
});

test('halves of surrogate pairs, which all hash alike, are no password', () => {
  const { error } = password.safeParse('correct horse \ud800');
  expect(error?.issues.map(({ message }) => message)).toEqual(['must be well-formed Unicode']);
});

test('a password is as long, and as good, on every keyboard', () => {
  for (const text of ['äöü', 'äöüß', 'ä'.repeat(64), 'ä'.repeat(65)]) {
    const decomposed = text.normalize('NFD');
    expect(passwordBytes(decomposed)).toEqual(passwordBytes(text));
    expect(password.safeParse(decomposed).success).toBe(password.safeParse(text).success);
  }
});
