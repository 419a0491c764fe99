import { type Documents, DuplicateKeyError } from '@shop/shared/documents/port';
import { accessTokens } from '@shop/shared/identity/access-token';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { type KeyTimes, type KeyTimings, retiresAtMs } from './key-schedule.ts';
import type { KeysCipher } from './keys-cipher.ts';

/** A key pair as this subgraph knows it. */
export interface StoredKey extends KeyTimes {
  kid: string;
  publicKey: JWK;
  /** `plain` only in the key of release 0.1, whose processes read it so. */
  hidden: { kind: 'encrypted'; jwe: string } | { kind: 'plain'; privateKey: JWK };
}

interface SigningKeyDoc {
  _id: string;
  publicKey: JWK;
  createdAt: Date;
  encryptedPrivateKey?: string;
  signsFrom?: Date;
  retiresEarlierAt?: Date;
  privateKey?: JWK;
}

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>;

/** More are never there at once: a rotation that would exceed it is refused. */
export const maxKeys = 8;

// Ids are numbered, so that of several processes that want the next key at once one inserts it and the others read it.
// Number 1 is the key of release 0.1.
const idPrefix = 'access-tokens-';

/** The collection `signing_keys`; nothing else touches it. */
export function createSigningKeyStore(documents: Documents, cipher: KeysCipher, timings: KeyTimings) {
  const keys = documents.collection<SigningKeyDoc>('signing_keys');
  const list = async (): Promise<StoredKey[]> => {
    // One more than there can be, since a process of release 0.1 may add its own.
    const found = await keys.find({}, { sort: { _id: 1 }, limit: maxKeys + 1 }).toArray();
    return found.map((doc) => toStoredKey(doc, timings));
  };
  return {
    list,

    /** Rejects when a key was encrypted with another secret: one that is stored now would be of no use to Users. */
    async assertSecretFits(known: readonly StoredKey[]): Promise<void> {
      for (const { kid, hidden } of known) {
        if (hidden.kind === 'encrypted') await cipher.decrypt(kid, hidden.jwe);
      }
    },

    /** Stores a new key with these times as the next after `known`; `lost` when another process did so meanwhile. */
    async insertNext(
      known: readonly StoredKey[],
      times: { createdAt: Date; signsFrom: Date; retiresEarlierAt: Date },
    ): Promise<{ kind: 'inserted'; kid: string } | { kind: 'lost' }> {
      const number = Math.max(1, ...known.map(({ _id }) => Number(_id.slice(idPrefix.length)))) + 1;
      const { publicKey, privateKey, kid } = await generateSigningKey();
      const encryptedPrivateKey = await cipher.encrypt(kid, privateKey);
      try {
        await keys.insertOne({ _id: `${idPrefix}${number}`, publicKey, encryptedPrivateKey, ...times });
        return { kind: 'inserted', kid };
      } catch (error) {
        if (error instanceof DuplicateKeyError) return { kind: 'lost' };
        throw error;
      }
    },

    /** Removes what retired before then, private parts included. Repeating it, or doing it twice at once, is harmless. */
    async removeRetired(known: readonly StoredKey[], beforeMs: number): Promise<void> {
      for (const key of known) {
        const retiredMs = retiresAtMs(key, known);
        if (retiredMs === null || retiredMs > beforeMs) continue;
        await keys.deleteOne({ _id: key._id, 'publicKey.kid': key.kid });
      }
    },
  };
}

async function generateSigningKey() {
  const pair = await generateKeyPair(accessTokens.algorithm, { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const publicKey: JWK = { ...jwk, kid, alg: accessTokens.algorithm, use: 'sig' };
  return { kid, publicKey, privateKey: await exportJWK(pair.privateKey) };
}

function toStoredKey(doc: SigningKeyDoc, { keepForMs }: KeyTimings): StoredKey {
  const { _id, publicKey, createdAt, encryptedPrivateKey: jwe, privateKey } = doc;
  const { kid } = publicKey;
  if (kid === undefined || (jwe === undefined && privateKey === undefined)) {
    throw new Error(`the signing key ${_id} is broken`);
  }
  return {
    _id,
    kid,
    publicKey,
    signsFrom: doc.signsFrom ?? createdAt,
    retiresEarlierAt: doc.retiresEarlierAt ?? new Date(createdAt.getTime() + keepForMs),
    hidden: jwe === undefined ? { kind: 'plain', privateKey: privateKey! } : { kind: 'encrypted', jwe },
  };
}
