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
    return { ...(await checkToken(authorization, options.verifyToken)), isAdmin, hasWrongApiKey };
  };
}

/** Whether a key is the admin's; how long it takes says nothing about the admin's key. */
export function createKeyCheck(apiSecret: string): (key: string) => boolean {
  const expected = digest(apiSecret);
  return (key) => timingSafeEqual(digest(key), expected);
}

type Bearer = Omit<Caller, 'isAdmin' | 'hasWrongApiKey'>;

const nobody: Bearer = { userId: null, clientId: null, scopes: [], tokenProblem: null };

async function checkToken(authorization: string | undefined, verifyToken: VerifyToken): Promise<Bearer> {
  if (authorization === undefined) return nobody;
  const token = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  if (!token) {
    const problem = shopError('UNAUTHENTICATED', 'The Authorization header must be: Bearer <access_token>.');
    return { ...nobody, tokenProblem: problem };
  }
  try {
    const verified = await verifyToken(token);
    if (verified.userId !== null) return { ...nobody, userId: verified.userId };
    return { ...nobody, clientId: verified.clientId, scopes: verified.scopes };
  } catch (error) {
    if (error instanceof GraphQLError) return { ...nobody, tokenProblem: error };
    throw error;
  }
}

// Digests have one length, so that the comparison's time says nothing about the secret, not even its length.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
