import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { readRouterPrivateKey, readRouterPublicKeys, routerSecretKeys } from './router-keys.ts';

const one = generateKeyPairSync('ed25519');
const two = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const jwkOf = (key: KeyObject) => JSON.stringify(key.export({ format: 'jwk' }));
const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const setOf = (...keys: KeyObject[]) => `{"keys":[${keys.map(jwkOf).join()}]}`;

test.each([
  ['a JWK', jwkOf(one.privateKey)],
  ['PEM', privatePem(one.privateKey)],
])('a private key is read from %s', (_, text) => {
  const { algorithm, key } = readRouterPrivateKey(text);
  expect(algorithm).toBe('EdDSA');
  expect(one.privateKey.equals(key as KeyObject)).toBe(true);
});

test.each([
  ['a JWK', jwkOf(one.publicKey), [one]],
  ['a JWK Set', setOf(one.publicKey, two.publicKey), [one, two]],
  ['PEM', publicPem(one.publicKey), [one]],
  ['PEM, one after another', publicPem(one.publicKey) + publicPem(two.publicKey), [one, two]],
])('public keys are read from %s', (_, text, expected) => {
  const { algorithm, keys } = readRouterPublicKeys(text);
  expect(algorithm).toBe('EdDSA');
  expect(keys).toHaveLength(expected.length);
  expected.forEach(({ publicKey }, n) => {
    expect(publicKey.equals(keys[n] as KeyObject)).toBe(true);
  });
});

test.each([
  'nonsense',
  '{}',
  'null',
  '[]',
  '-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----',
  jwkOf(one.publicKey),
  publicPem(one.publicKey),
  privatePem(rsa.privateKey),
])('what is no private key of the kind is refused without a word of it (%#)', (text) => {
  expect(() => readRouterPrivateKey(text)).toThrow(/^must be an Ed25519 private key, as a JWK or PKCS8 PEM$/);
});

test.each([
  ['nonsense', 'must be Ed25519 public keys'],
  ['null', 'must be Ed25519 public keys'],
  ['{"keys":[]}', 'must hold 1 to 4 keys'],
  [setOf(...Array.from({ length: 5 }, () => one.publicKey)), 'must hold 1 to 4 keys'],
  [publicPem(rsa.publicKey), 'must be Ed25519 public keys'],
  [setOf(one.publicKey, rsa.publicKey), 'must be Ed25519 public keys'],
  [jwkOf(one.privateKey), 'holds a private key'],
  [setOf(one.publicKey, two.privateKey), 'holds a private key'],
  [publicPem(one.publicKey) + privatePem(two.privateKey), 'holds a private key'],
])('what are no public keys is refused (%#)', (text, message) => {
  expect(() => readRouterPublicKeys(text)).toThrow(message);
});

test('a secret counts in bytes', () => {
  expect(() => routerSecretKeys('x'.repeat(31))).toThrow('at least 32 bytes');
  expect(routerSecretKeys('ü'.repeat(16)).signing).toMatchObject({ algorithm: 'HS256' });
});
