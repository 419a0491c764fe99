import { type Documents, DuplicateKeyError } from '@shop/shared/documents/port';
import { accessTokens } from '@shop/shared/identity/access-token';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';

/** The key that signs, and all keys that tokens may be verified with. */
export interface SigningKeys {
  kid: string;
  privateKey: CryptoKey;
  /** Public parts only. */
  published: JSONWebKeySet;
}

/** One key pair in the collection `signing_keys`; nothing else touches it. */
interface SigningKeyDoc {
  _id: string;
  publicKey: JWK;
  privateKey: JWK;
  createdAt: Date;
}

// One fixed id: of several processes that start for the first time at once, one inserts and the others read.
const keyId = 'access-tokens-1';

/** The key pair of this shop; made and stored by whoever starts first. */
export async function openSigningKeys(documents: Documents, clock: () => Date): Promise<SigningKeys> {
  const keys = documents.collection<SigningKeyDoc>('signing_keys');
  const stored = await keys.findOne({ _id: keyId });
  if (stored) return toSigningKeys(stored);
  const fresh = await generateSigningKey(clock());
  try {
    await keys.insertOne(fresh);
    return await toSigningKeys(fresh);
  } catch (error) {
    if (!(error instanceof DuplicateKeyError)) throw error;
    const theirs = await keys.findOne({ _id: keyId });
    if (!theirs) throw new Error(`the signing key ${keyId} was there and is gone`);
    return toSigningKeys(theirs);
  }
}

async function generateSigningKey(createdAt: Date): Promise<SigningKeyDoc> {
  const pair = await generateKeyPair(accessTokens.algorithm, { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const publicKey = { ...jwk, kid, alg: accessTokens.algorithm, use: 'sig' };
  return { _id: keyId, publicKey, privateKey: await exportJWK(pair.privateKey), createdAt };
}

async function toSigningKeys({ publicKey, privateKey }: SigningKeyDoc): Promise<SigningKeys> {
  const imported = await importJWK(privateKey, accessTokens.algorithm);
  if (imported instanceof Uint8Array || !publicKey.kid) throw new Error(`the signing key ${keyId} is broken`);
  return { kid: publicKey.kid, privateKey: imported, published: { keys: [publicKey] } };
}
