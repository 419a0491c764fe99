import { accessTokens } from '@shop/shared/identity/access-token';
import type { Scope } from '@shop/shared/identity/scopes';
import { SignJWT } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

/** A revoked client's last token is good for so long at most: a server asks for the next one without anybody's help. */
export const serviceTokenLifeSeconds = 900;

export type IssueServiceToken = (clientId: string, scopes: readonly Scope[]) => Promise<string>;

/** Access tokens (RFC 9068) that prove which client calls and what it may do, and name no user. */
export function createIssueServiceToken(options: {
  keys: Pick<SigningKeys, 'signer'>;
  clock: () => Date;
  newId: () => string;
}): IssueServiceToken {
  const { keys, clock, newId } = options;
  return (clientId, scopes) => {
    const { kid, privateKey } = keys.signer();
    const issuedAt = Math.floor(clock().getTime() / 1000);
    return new SignJWT({ client_id: clientId, scope: scopes.join(' ') })
      .setProtectedHeader({ alg: accessTokens.algorithm, typ: accessTokens.type, kid })
      .setIssuer(accessTokens.issuer)
      .setAudience(accessTokens.audience)
      .setSubject(clientId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + serviceTokenLifeSeconds)
      .setJti(newId())
      .sign(privateKey);
  };
}
