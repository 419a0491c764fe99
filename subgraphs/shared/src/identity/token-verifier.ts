import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { shopError } from '../graphql/errors.ts';
import { accessTokens } from './access-token.ts';

export interface VerifiedToken {
  userId: string;
  expiresAtMs: number;
}

/** Resolves to the token's claims; rejects with UNAUTHENTICATED, or SERVICE_UNAVAILABLE while no key can be had. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

// A signature check costs some 100 µs; the same token comes with every request of a client.
const maxCachedTokens = 10_000;

/**
 * Checks signature, algorithm, issuer, audience, type and expiry against the published keys. A token that
 * passed is remembered until it expires, so `keys` is asked once per token.
 */
export function createTokenVerifier(keys: JWTVerifyGetKey, clock: () => number = Date.now): VerifyToken {
  const verified = new LRUCache<string, VerifiedToken>({ max: maxCachedTokens });
  return async (token) => {
    const known = verified.get(token);
    if (known && known.expiresAtMs > clock()) return known;
    const result = toVerifiedToken(await verify(token, keys, clock));
    verified.set(token, result);
    return result;
  };
}

/** A request waits for them, so far below its deadline. */
export const keysWithinMs = 3_000;

/** The keys that Users publishes at `/.well-known/jwks.json`, fetched when first needed and then kept. */
export function publishedKeys(usersUrl: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL('/.well-known/jwks.json', usersUrl), {
    timeoutDuration: keysWithinMs,
    cooldownDuration: 5_000,
    cacheMaxAge: 300_000,
  });
}

async function verify(token: string, keys: JWTVerifyGetKey, clock: () => number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [accessTokens.algorithm],
      issuer: accessTokens.issuer,
      audience: accessTokens.audience,
      typ: accessTokens.type,
      requiredClaims: ['exp', 'sub'],
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

// A JWKSTimeout, a failed fetch or a non-200 answer says nothing about the token; every other jose error does.
function isRefusal(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return (
    error.code !== 'ERR_JWKS_TIMEOUT' &&
    error.code !== 'ERR_JOSE_GENERIC' &&
    error.code !== 'ERR_JWKS_INVALID'
  );
}

function toVerifiedToken(payload: JWTPayload): VerifiedToken {
  if (typeof payload.userId !== 'string' || payload.userId !== payload.sub) {
    throw shopError('UNAUTHENTICATED', 'The access token names no user: log in again.');
  }
  return { userId: payload.userId, expiresAtMs: (payload.exp ?? 0) * 1000 };
}
