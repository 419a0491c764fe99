import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { shopError } from '../graphql/errors.ts';
import { accessTokens } from './access-token.ts';
import { type Scope, scopesIn } from './scopes.ts';

export type VerifiedToken = UserToken | ServiceToken;

interface UserToken {
  userId: string;
  expiresAtMs: number;
}

interface ServiceToken {
  userId: null;
  clientId: string;
  scopes: readonly Scope[];
  expiresAtMs: number;
}

/** Resolves to the token's claims; rejects with UNAUTHENTICATED, or SERVICE_UNAVAILABLE while no key can be had. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

// A signature check costs some 100 µs; the same token comes with every request of a client.
const maxCachedTokens = 10_000;
/** A key that is withdrawn is good for that much longer, beside the age that keys may have. */
export const rememberedMs = 60_000;

/**
 * Checks signature, algorithm, issuer, audience, type, expiry and the claims that every access token has (RFC 9068,
 * sections 2.2 and 4) against the published keys. A token that passed is remembered for a minute, but not
 * beyond its expiry: so `keys` is asked seldom, and a key that is withdrawn ends what it signed.
 */
export function createTokenVerifier(keys: JWTVerifyGetKey, clock: () => number = Date.now): VerifyToken {
  const verified = new LRUCache<string, { result: VerifiedToken; untilMs: number }>({ max: maxCachedTokens });
  return async (token) => {
    const known = verified.get(token);
    if (known && known.untilMs > clock()) return known.result;
    const result = toVerifiedToken(await verify(token, keys, clock));
    verified.set(token, { result, untilMs: Math.min(result.expiresAtMs, clock() + rememberedMs) });
    return result;
  };
}

async function verify(token: string, keys: JWTVerifyGetKey, clock: () => number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [accessTokens.algorithm],
      issuer: accessTokens.issuer,
      audience: accessTokens.audience,
      typ: accessTokens.type,
      requiredClaims: ['exp', 'iat', 'sub', 'jti'],
      currentDate: new Date(clock()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw shopError('UNAUTHENTICATED', 'The access token has expired: log in again.');
    }
    if (isRefusal(error)) {
      throw shopError('UNAUTHENTICATED', 'The access token is not valid: log in again.');
    }
    throw shopError('SERVICE_UNAVAILABLE', 'Access tokens cannot be checked right now. Try again.', {
      retryAfterSeconds: 1,
    });
  }
}

// That no key can be had says nothing about the token; whatever jose finds wrong does.
function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError;
}

/**
 * A token names its user in `userId` and `sub`. That of a service client has no `userId`: its `client_id` is its `sub`
 * (RFC 9068, section 2.2), and a part of release 0.1, which knows no service clients, refuses it.
 */
function toVerifiedToken({ userId, sub, client_id: clientId, scope, exp = 0 }: JWTPayload): VerifiedToken {
  const expiresAtMs = exp * 1000;
  if (typeof userId === 'string' && userId === sub) return { userId, expiresAtMs };
  if (userId === undefined && typeof clientId === 'string' && clientId === sub && typeof scope === 'string') {
    return { userId: null, clientId, scopes: scopesIn(scope), expiresAtMs };
  }
  throw shopError('UNAUTHENTICATED', 'The access token names no user: log in again.');
}
