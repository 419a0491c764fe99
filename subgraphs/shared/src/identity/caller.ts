import type { GraphQLError } from 'graphql';
import { shopError } from '../graphql/errors.ts';

/** Who sent a request, as its headers prove it. */
export interface Caller {
  userId: string | null;
  isAdmin: boolean;
  /** Why the Authorization header that came proves nothing; null if none came or it is good. */
  tokenProblem: GraphQLError | null;
  /** An x-api-key came, and it is not ours. */
  hasWrongApiKey: boolean;
}

export const anonymous: Caller = { userId: null, isAdmin: false, tokenProblem: null, hasWrongApiKey: false };

/** The caller's user id, or UNAUTHENTICATED. */
export function requireUser(caller: Caller): string {
  if (caller.userId !== null) return caller.userId;
  throw (
    caller.tokenProblem ??
    shopError('UNAUTHENTICATED', 'Log in first: send the header Authorization: Bearer <access_token>.')
  );
}

/** Passes for the admin; FORBIDDEN for a known caller or a wrong key, UNAUTHENTICATED for an unknown one. */
export function requireAdmin(caller: Caller): void {
  if (caller.isAdmin) return;
  if (caller.userId === null && !caller.hasWrongApiKey) {
    throw (
      caller.tokenProblem ?? shopError('UNAUTHENTICATED', 'This is for admins: send the header x-api-key.')
    );
  }
  throw shopError('FORBIDDEN', 'This is for admins: the header x-api-key must equal API_SECRET.');
}

/** What belongs to a user is for that user and the admin. */
export function mayActFor(caller: Caller, userId: string): boolean {
  return caller.isAdmin || caller.userId === userId;
}
