import { accessTokens } from '@shop/shared/identity/access-token';
import { SignJWT } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

/** How long an access token is good for. It cannot be taken back, so not for long. */
export const accessTokenLifeSeconds = 3_600;

/** A fresh access token (a JWT, RFC 9068) that proves to every subgraph who the user is. */
export type IssueAccessToken = (userId: string) => Promise<string>;

/** Signs with the key whose turn it is; `newId` gives each token its `jti`. */
export function createIssueAccessToken(options: {
  keys: Pick<SigningKeys, 'signer'>;
  clock: () => Date;
  newId: () => string;
}): IssueAccessToken {
  const { keys, clock, newId } = options;
  return (userId) => {
    const { kid, privateKey } = keys.signer();
    const issuedAt = Math.floor(clock().getTime() / 1000);
    return new SignJWT({ userId })
      .setProtectedHeader({ alg: accessTokens.algorithm, typ: accessTokens.type, kid })
      .setIssuer(accessTokens.issuer)
      .setAudience(accessTokens.audience)
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + accessTokenLifeSeconds)
      .setJti(newId())
      .sign(privateKey);
  };
}
