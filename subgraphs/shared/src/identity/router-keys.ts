import { createPrivateKey, createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';

/** What the router signs with. The kind of key decides on the algorithm, never what is signed. */
export type RouterSigningKey =
  | { algorithm: 'EdDSA'; key: KeyObject }
  | { algorithm: 'HS256'; key: Uint8Array };

/** What subgraphs verify with: any of the keys, all of one kind. */
export type RouterVerifyingKeys =
  | { algorithm: 'EdDSA'; keys: readonly KeyObject[] }
  | { algorithm: 'HS256'; keys: readonly Uint8Array[] };

/** One secret for both. */
export interface RouterSecretKeys {
  signing: RouterSigningKey;
  verifying: RouterVerifyingKeys;
}

/** A rotation needs two. Each may be tried for an assertion that is new. */
const maxPublicKeys = 4;

/**
 * The router's private key, from a JWK or PKCS8 PEM.
 *
 * @throws Error that says what is wrong, and nothing of the text
 */
export function readRouterPrivateKey(text: string): RouterSigningKey {
  const form = 'must be an Ed25519 private key, as a JWK or PKCS8 PEM';
  const key = attempt(form, () =>
    createPrivateKey(isPem(text) ? text : { key: toObject(JSON.parse(text)), format: 'jwk' }),
  );
  return { algorithm: 'EdDSA', key: ofEd25519(key, form) };
}

/**
 * The public keys of routers, from a JWK, a JWK Set, or PEM one after another.
 *
 * @throws Error as `readRouterPrivateKey`; also when it holds a private key, which is the router's alone
 */
export function readRouterPublicKeys(text: string): RouterVerifyingKeys {
  const form = 'must be Ed25519 public keys, as a JWK, a JWK Set or PEM';
  const inputs = attempt(form, () => (isPem(text) ? pemsOf(text) : jwksOf(JSON.parse(text))));
  if (inputs.length === 0 || inputs.length > maxPublicKeys)
    throw new Error(`must hold 1 to ${maxPublicKeys} keys`);
  // Node would take the public part of it without a word.
  if (inputs.some(isPrivate)) throw new Error('holds a private key: that is for the router alone');
  const keys = inputs.map((input) =>
    ofEd25519(
      attempt(form, () => createPublicKey(input)),
      form,
    ),
  );
  return { algorithm: 'EdDSA', keys };
}

/** A secret that both sides have, of 32 bytes or more (RFC 7518, section 3.2). */
export function routerSecretKeys(secret: string): RouterSecretKeys {
  const key = new TextEncoder().encode(secret);
  if (key.length < 32) throw new Error('must have at least 32 bytes');
  return { signing: { algorithm: 'HS256', key }, verifying: { algorithm: 'HS256', keys: [key] } };
}

function attempt<Value>(problem: string, read: () => Value): Value {
  try {
    return read();
  } catch {
    // What the parsers say may quote the key.
    throw new Error(problem);
  }
}

function ofEd25519(key: KeyObject, problem: string): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(problem);
  return key;
}

const isPem = (text: string) => text.includes('-----BEGIN');

const pemsOf = (text: string) => text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];

function jwksOf(value: unknown): JsonWebKeyInput[] {
  const one = toObject(value);
  const keys: unknown[] = Array.isArray(one.keys) ? one.keys : [one];
  return keys.map((key) => ({ key: toObject(key), format: 'jwk' }));
}

function toObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  return value as Record<string, unknown>;
}

function isPrivate(input: string | JsonWebKeyInput): boolean {
  return typeof input === 'string' ? input.includes('PRIVATE') : input.key.d !== undefined;
}
