import { createHash, timingSafeEqual } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { shopError } from '../graphql/errors.ts';
import type { Caller } from './caller.ts';
import type { VerifyToken } from './token-verifier.ts';

/** The two headers that prove who calls. */
export interface Credentials {
  authorization: string | undefined;
  apiKey: string | undefined;
}

export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/**
 * The one place where headers become a Caller. It never rejects: a bad credential only matters to a field
 * that needs one, so public reads go on working for a client whose token has expired.
 */
export function createAuthenticate(options: { apiSecret: string; verifyToken: VerifyToken }): Authenticate {
  const isAdminKey = createKeyCheck(options.apiSecret);
  return async ({ authorization, apiKey }) => {
    const isAdmin = apiKey !== undefined && isAdminKey(apiKey);
    const hasWrongApiKey = apiKey !== undefined && !isAdmin;
    const { userId, tokenProblem } = await checkToken(authorization, options.verifyToken);
    return { userId, isAdmin, tokenProblem, hasWrongApiKey };
  };
}

/** Whether a key is the admin's; how long it takes says nothing about the admin's key. */
export function createKeyCheck(apiSecret: string): (key: string) => boolean {
  const expected = digest(apiSecret);
  return (key) => timingSafeEqual(digest(key), expected);
}

async function checkToken(
  authorization: string | undefined,
  verifyToken: VerifyToken,
): Promise<Pick<Caller, 'userId' | 'tokenProblem'>> {
  if (authorization === undefined) return { userId: null, tokenProblem: null };
  const token = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (!token) {
    const problem = shopError('UNAUTHENTICATED', 'The Authorization header must be: Bearer <access_token>.');
    return { userId: null, tokenProblem: problem };
  }
  try {
    return { userId: (await verifyToken(token)).userId, tokenProblem: null };
  } catch (error) {
    if (error instanceof GraphQLError) return { userId: null, tokenProblem: error };
    throw error;
  }
}

// Digests have one length, so that the comparison's time says nothing about the secret, not even its length.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
