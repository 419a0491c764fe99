import { expect, test } from 'vitest';
import { updateProfileInput } from './profile-rules.ts';

const isGood = (input: object) => updateProfileInput.safeParse(input).success;

test('a field is a value, null or left out', () => {
  expect(updateProfileInput.parse({ displayName: ' Ann ', email: null })).toEqual({
    displayName: 'Ann',
    email: null,
  });
  expect(updateProfileInput.parse({})).toEqual({});
});

test('a display name has 1 to 100 characters, without the blanks around it', () => {
  expect(isGood({ displayName: `  ${'x'.repeat(100)}  ` })).toBe(true);
  expect(isGood({ displayName: 'x'.repeat(101) })).toBe(false);
  expect(isGood({ displayName: ' ' })).toBe(false);
  expect(isGood({ displayName: 'half a letter: \ud800' })).toBe(false);
});

test('an email looks like one and has at most 254 characters', () => {
  const longest = `${'x'.repeat(64)}@${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.org`;
  expect(isGood({ email: longest })).toBe(true);
  expect(isGood({ email: `${longest}.example` })).toBe(false);
  for (const email of ['', 'ann', 'ann@', '@example.org', 'ann@example.org, bob@example.org']) {
    expect(isGood({ email })).toBe(false);
  }
});
