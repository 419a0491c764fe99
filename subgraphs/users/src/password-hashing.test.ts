import { UnavailableError } from '@shop/shared/unavailable';
import { describe, expect, test } from 'vitest';
import { createPasswordHashing, dummyHash } from './password-hashing.ts';

const passwords = createPasswordHashing();
const parameters = '$argon2id$v=19$m=19456,p=1,t=2$';

test('a hash is argon2id with 19 MiB and two passes, salted, and verifies its own password alone', async () => {
  const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
  expect(one.startsWith(parameters)).toBe(true);
  expect(two).not.toBe(one);
  expect(await passwords.verify(one, 'correct horse')).toBe(true);
  expect(await passwords.verify(one, 'correct horsf')).toBe(false);
});

test('an unknown user is checked against a hash that costs the same', async () => {
  expect(dummyHash.startsWith(parameters)).toBe(true);
  expect(await passwords.verify(null, 'correct horse')).toBe(false);
});

test.each([
  [parameters, false],
  ['$argon2id$v=19$m=19456,t=2,p=1$', false],
  ['$argon2id$v=19$m=12288,p=1,t=2$', true],
  ['$argon2id$v=19$m=19456,p=1,t=3$', true],
  ['$argon2i$v=19$m=19456,p=1,t=2$', true],
])('a hash of %s is outdated: %s', (start, isOutdated) => {
  const rest = dummyHash.split('$').slice(4).join('$');
  expect(passwords.isOutdated(start + rest)).toBe(isOutdated);
});

test('a password is the same on every keyboard', async () => {
  const stored = await passwords.hash('gr\u00fcner Tee');
  expect(await passwords.verify(stored, 'gru\u0308ner Tee')).toBe(true);
});

describe('the queue', () => {
  test('refuses what it has no place for, and is as good as new when it has emptied', async () => {
    const bounded = createPasswordHashing({ maxRunning: 1, maxWaiting: 2 });
    const five = () => Promise.allSettled(Array.from({ length: 5 }, () => bounded.verify(null, 'x')));
    for (let round = 0; round < 2; round++) {
      const outcomes = await five();
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'rejected',
        'rejected',
      ]);
      const refused = outcomes[3];
      expect(refused?.status === 'rejected' && refused.reason).toBeInstanceOf(UnavailableError);
    }
  });

  test('goes on after a check that failed', async () => {
    const bounded = createPasswordHashing({ maxRunning: 1, maxWaiting: 1 });
    const [broken, next] = await Promise.allSettled([
      bounded.verify('no hash', 'x'),
      bounded.verify(null, 'x'),
    ]);
    expect([broken.status, next.status]).toEqual(['rejected', 'fulfilled']);
  });
});
