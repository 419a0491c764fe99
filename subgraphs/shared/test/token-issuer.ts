import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { accessTokens } from '../src/identity/access-token.ts';

/** Signs access tokens as Users does, with a key of its own. */
export interface TokenIssuer {
  published: JSONWebKeySet;
  /** A token that lives a minute; it needs `sub` and what says whose it is. */
  sign(claims: Record<string, unknown>, issuer?: string): Promise<string>;
}

export async function createTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const kid = 'one';
  return {
    published: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] },
    sign: (claims, issuer = accessTokens.issuer) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: accessTokens.algorithm, typ: accessTokens.type, kid })
        .setIssuer(issuer)
        .setAudience(accessTokens.audience)
        .setIssuedAt()
        .setExpirationTime('1m')
        .setJti('1')
        .sign(privateKey),
  };
}
