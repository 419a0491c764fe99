import { decodeProtectedHeader, type JWK } from 'jose';
import { expect, test } from 'vitest';
import { createKeysCipher } from './keys-cipher.ts';

const oldSecret = 'an old secret of at least 32 characters';
const newSecret = 'a new secret of at least 32 characters';
const privateKey: JWK = { kty: 'OKP', crv: 'Ed25519', x: 'public', d: 'private' };

test('what is encrypted comes back with the secret, and shows nothing without it', async () => {
  const cipher = createKeysCipher([newSecret]);
  const jwe = await cipher.encrypt('one', privateKey);
  expect(decodeProtectedHeader(jwe)).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 'one' });
  for (const part of jwe.split('.'))
    expect(Buffer.from(part, 'base64url').toString()).not.toContain('private');
  expect(await cipher.decrypt('one', jwe)).toEqual(privateKey);
  expect(await cipher.encrypt('one', privateKey)).not.toBe(jwe);
});

test('the first secret encrypts, any of them decrypts', async () => {
  const jwe = await createKeysCipher([oldSecret]).encrypt('one', privateKey);
  const both = createKeysCipher([newSecret, oldSecret]);
  expect(await both.decrypt('one', jwe)).toEqual(privateKey);
  const renewed = await both.encrypt('one', privateKey);
  expect(await createKeysCipher([newSecret]).decrypt('one', renewed)).toEqual(privateKey);
  await expect(createKeysCipher([oldSecret]).decrypt('one', renewed)).rejects.toThrow('KEYS_SECRET');
});

test('with another secret, under the id of another key, or altered, it says whose secret is wrong', async () => {
  const cipher = createKeysCipher([newSecret]);
  const jwe = await cipher.encrypt('one', privateKey);
  const altered = jwe.replace(/.(.{5})$/, (_, end) => `${jwe.at(-6) === 'A' ? 'B' : 'A'}${end}`);
  const attempts: [string, string, string][] = [
    [oldSecret, 'one', jwe],
    [newSecret, 'two', jwe],
    [newSecret, 'one', altered],
    [newSecret, 'one', 'nonsense'],
  ];
  for (const [secret, kid, given] of attempts) {
    const opening = createKeysCipher([secret]).decrypt(kid, given);
    await expect(opening).rejects.toThrow(`the signing key ${kid} cannot be decrypted`);
    await expect(opening).rejects.not.toThrow(secret);
  }
});
