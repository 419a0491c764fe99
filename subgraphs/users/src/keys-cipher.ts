import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, type JWK } from 'jose';

/** Hides the private part of a signing key in the database. */
export interface KeysCipher {
  encrypt(kid: string, privateKey: JWK): Promise<string>;
  /** Rejects with an error for the operator when none of the secrets opens it, or it was stored for another key. */
  decrypt(kid: string, encrypted: string): Promise<JWK>;
}

const algorithm = { alg: 'dir', enc: 'A256GCM' } as const;

/**
 * AES-256-GCM as a compact JWE (RFC 7516, section 5; RFC 7518, sections 4.5 and 5.3). The first secret encrypts, and
 * any of them decrypts: so that the secret itself can be replaced. The key id is authenticated with the content.
 */
export function createKeysCipher(secrets: readonly string[]): KeysCipher {
  const keys = secrets.map((secret) => deriveKey(secret, 'signing keys'));
  const [first] = keys;
  if (first === undefined) throw new Error('no secret is given to encrypt signing keys with');
  return {
    encrypt: (kid, privateKey) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(privateKey)))
        .setProtectedHeader({ ...algorithm, kid })
        .encrypt(first),
    async decrypt(kid, encrypted) {
      for (const key of keys) {
        const opened = await open(encrypted, key);
        if (opened !== null && opened.kid === kid) return opened.privateKey;
      }
      throw new Error(`the signing key ${kid} cannot be decrypted: it was stored with another KEYS_SECRET`);
    },
  };
}

/** A key of 256 bits for one purpose (HKDF, RFC 5869): no two purposes share a key. */
export function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `shop users ${purpose}`, 32));
}

async function open(encrypted: string, key: Uint8Array): Promise<{ kid: unknown; privateKey: JWK } | null> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(encrypted, key, {
      keyManagementAlgorithms: [algorithm.alg],
      contentEncryptionAlgorithms: [algorithm.enc],
    });
    return { kid: protectedHeader.kid, privateKey: JSON.parse(Buffer.from(plaintext).toString()) };
  } catch {
    return null;
  }
}
