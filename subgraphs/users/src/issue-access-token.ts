import { accessTokens } from '@shop/shared/identity/access-token';
import { SignJWT } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

/** How long an access token is good for unless configured. It cannot be taken back, so not for long. */
export const accessTokenLifeMs = 900_000;

/** A fresh access token (a JWT, RFC 9068) that proves to every subgraph who the user is. */
export type IssueAccessToken = (userId: string) => Promise<string>;

/** Signs with the key whose turn it is; `newId` gives each token its `jti`. */
export function createIssueAccessToken(options: {
  keys: Pick<SigningKeys, 'signer'>;
  clock: () => Date;
  /** `accessTokenLifeMs` by default. */
  lifeMs?: number;
  newId: () => string;
}): IssueAccessToken {
  const { keys, clock, newId, lifeMs = accessTokenLifeMs } = options;
  const lifeSeconds = Math.ceil(lifeMs / 1000);
  return (userId) => {
    const { kid, privateKey } = keys.signer();
    const issuedAt = Math.floor(clock().getTime() / 1000);
    return new SignJWT({ userId })
      .setProtectedHeader({ alg: accessTokens.algorithm, typ: accessTokens.type, kid })
      .setIssuer(accessTokens.issuer)
      .setAudience(accessTokens.audience)
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeSeconds)
      .setJti(newId())
      .sign(privateKey);
  };
}
