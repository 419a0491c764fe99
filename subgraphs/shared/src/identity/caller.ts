import type { GraphQLError } from 'graphql';
import { shopError } from '../graphql/errors.ts';
import type { Scope } from './scopes.ts';

/** Who sent a request, as its headers prove it. */
export interface Caller {
  userId: string | null;
  /** The service client that calls: another server, for no user. Never there along with a user. */
  clientId: string | null;
  /** What the service client may do; empty for anybody else. */
  scopes: readonly Scope[];
  isAdmin: boolean;
  /** Why the Authorization header that came proves nothing; null if none came or it is good. */
  tokenProblem: GraphQLError | null;
  /** An x-api-key came, and it is not ours. */
  hasWrongApiKey: boolean;
}

export const anonymous: Caller = {
  userId: null,
  clientId: null,
  scopes: [],
  isAdmin: false,
  tokenProblem: null,
  hasWrongApiKey: false,
};

/** The caller's user id, or UNAUTHENTICATED; FORBIDDEN for a service client, which might do it with `orScope`. */
export function requireUser(caller: Caller, orScope?: Scope): string {
  if (caller.userId !== null) return caller.userId;
  if (caller.clientId !== null) throw orScope ? lacks(orScope) : shopError('FORBIDDEN', 'This is for users.');
  throw (
    caller.tokenProblem ??
    shopError('UNAUTHENTICATED', 'Log in first: send the header Authorization: Bearer <access_token>.')
  );
}

/** Passes for the admin; FORBIDDEN for a known caller or a wrong key, UNAUTHENTICATED for an unknown one. */
export function requireAdmin(caller: Caller): void {
  if (caller.isAdmin) return;
  if (caller.userId === null && caller.clientId === null && !caller.hasWrongApiKey) {
    throw (
      caller.tokenProblem ?? shopError('UNAUTHENTICATED', 'This is for admins: send the header x-api-key.')
    );
  }
  throw shopError('FORBIDDEN', 'This is for admins: the header x-api-key must equal API_SECRET.');
}

export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.isAdmin || caller.scopes.includes(scope);
}

/** Passes for the admin and for service clients with the scope; refuses others as `requireAdmin` does. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (hasScope(caller, scope)) return;
  if (caller.clientId !== null) throw lacks(scope);
  requireAdmin(caller);
}

/** What belongs to a user is for that user, the admin, and service clients with the scope. */
export function mayActFor(caller: Caller, userId: string, scope: Scope): boolean {
  return hasScope(caller, scope) || caller.userId === userId;
}

function lacks(scope: Scope): GraphQLError {
  return shopError('FORBIDDEN', `The access token of this client lacks the scope ${scope}.`);
}
