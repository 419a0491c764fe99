import type { IncomingMessage } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Authenticate } from '@shop/shared/identity/authenticate';
import { type Caller, hasScope } from '@shop/shared/identity/caller';

/** Answers a request to the internal graph that may not be answered from it, or null: go on. */
export type RefuseInternal = (
  request: Pick<IncomingMessage, 'headers'>,
) => Promise<HTTPGraphQLResponse | null>;

/**
 * The internal graph is for whoever has the admin's key, and for service clients with the scope `internal`: FORBIDDEN
 * for other keys, other clients and users, UNAUTHENTICATED for everybody else. Keys are checked first: the admin gets in though
 * no token can be verified.
 */
export function createRefuseInternal(authenticate: Authenticate): RefuseInternal {
  return async ({ headers: { authorization, 'x-api-key': key } }) => {
    const apiKey = Array.isArray(key) ? key[0] : key;
    const byKey = await authenticate({ authorization: undefined, apiKey });
    if (byKey.isAdmin) return null;
    const caller = await authenticate({ authorization, apiKey });
    return hasScope(caller, 'internal') ? null : refuse(caller);
  };
}

function refuse({ hasWrongApiKey, clientId, userId, tokenProblem }: Caller): HTTPGraphQLResponse {
  if (hasWrongApiKey)
    return refusal(403, `${isForAdmins} the header x-api-key must equal API_SECRET.`, 'FORBIDDEN');
  if (clientId !== null)
    return refusal(403, `${isForAdmins} this client lacks the scope internal.`, 'FORBIDDEN');
  if (userId !== null) return refusal(403, `${isForAdmins} this token is a user's.`, 'FORBIDDEN');
  if (tokenProblem?.extensions.code === 'SERVICE_UNAVAILABLE') {
    return refusal(503, tokenProblem.message, 'SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 });
  }
  return refusal(
    401,
    tokenProblem?.message ?? `${isForAdmins} send the header x-api-key.`,
    'UNAUTHENTICATED',
  );
}

const isForAdmins = 'The internal graph is for admins:';

function refusal(status: number, message: string, code: string, more: object = {}): HTTPGraphQLResponse {
  const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);
  const string = JSON.stringify({ errors: [{ message, extensions: { ...more, code } }] });
  return { status, headers, body: { kind: 'complete', string } };
}
