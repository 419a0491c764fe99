import { expect, test } from 'vitest';
import { createRecordedLog } from '../../shared/test/recorded-log.ts';
import { createKeysCipher } from './keys-cipher.ts';
import { keysSecretsOf } from './keys-secrets.ts';

const API_SECRET = 'the key of the admin';
const KEYS_SECRET = ['a secret of its own for signing keys'];
const privateKey = { kty: 'OKP', d: 'secret' };

test('without KEYS_SECRET the keys are encrypted by what follows from API_SECRET, and the log warns', async () => {
  const { log, text } = createRecordedLog();
  const stored = await createKeysCipher(keysSecretsOf({ API_SECRET }, log)).encrypt('one', privateKey);
  expect(text()).toMatch(/"level":40.*KEYS_SECRET is not set/);
  expect(text()).not.toContain(API_SECRET);
  const another = createKeysCipher(keysSecretsOf({ API_SECRET: `${API_SECRET}!` }, log));
  await expect(another.decrypt('one', stored)).rejects.toThrow('KEYS_SECRET');
  const later = createRecordedLog();
  const own = createKeysCipher(keysSecretsOf({ API_SECRET, KEYS_SECRET }, later.log));
  expect(await own.decrypt('one', stored), 'a KEYS_SECRET that comes later opens them').toEqual(privateKey);
  expect(later.text()).toBe('');
});

test('with KEYS_SECRET nothing is encrypted by what follows from API_SECRET', async () => {
  const { log } = createRecordedLog();
  const stored = await createKeysCipher(keysSecretsOf({ API_SECRET, KEYS_SECRET }, log)).encrypt(
    'one',
    privateKey,
  );
  await expect(createKeysCipher(keysSecretsOf({ API_SECRET }, log)).decrypt('one', stored)).rejects.toThrow();
  expect(await createKeysCipher(KEYS_SECRET).decrypt('one', stored)).toEqual(privateKey);
});
