import { createHmac, createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import type { Doc } from '@shop/shared/documents/port';
import { accessTokens } from '@shop/shared/identity/access-token';
import { createKeysCipher } from '@shop/users/keys-cipher';
import { type InProcessShop, keysSecret } from './in-process-shop.ts';

interface SigningKeyDoc extends Doc {
  publicKey: JsonWebKey & { kid: string };
  /** In the clear as release 0.1 stores it, encrypted as this tree does. */
  privateKey?: JsonWebKey;
  encryptedPrivateKey?: string;
}

export interface Forgery {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyObject;
}

/** A token of this user as the shop would sign it, but for what is given. */
export type Forge = (userId: string, changes?: Forgery) => string;

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs with the shop's own key, so that a token is wrong in the one thing that its test is about. */
export async function openForger(shop: InProcessShop): Promise<Forge> {
  const stored = await shop.documents.users.collection<SigningKeyDoc>('signing_keys').findOne({});
  if (!stored) throw new Error('Users has no signing key');
  const { kid } = stored.publicKey;
  const { decrypt } = createKeysCipher([keysSecret]);
  const opened = stored.privateKey ?? (await decrypt(kid, stored.encryptedPrivateKey ?? ''));
  const own = createPrivateKey({ key: opened as JsonWebKey, format: 'jwk' });

  function signatureOf(signed: string, alg: unknown, key: KeyObject): Buffer {
    if (alg === 'none') return Buffer.alloc(0);
    // Whoever takes the published key for a shared secret verifies this.
    if (alg === 'HS256')
      return createHmac('sha256', Buffer.from(String(stored?.publicKey.x), 'base64url'))
        .update(signed)
        .digest();
    return sign(null, Buffer.from(signed), key);
  }

  return (userId, { claims, header, key = own } = {}) => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const head: Record<string, unknown> = {
      alg: accessTokens.algorithm,
      typ: accessTokens.type,
      kid,
      ...header,
    };
    const body = {
      iss: accessTokens.issuer,
      aud: accessTokens.audience,
      sub: userId,
      userId,
      iat: nowSeconds,
      exp: nowSeconds + 600,
      jti: 'forged',
      ...claims,
    };
    const signed = `${base64url(head)}.${base64url(body)}`;
    return `${signed}.${signatureOf(signed, head.alg, key).toString('base64url')}`;
  };
}
