import type { IncomingMessage } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Authenticate } from '@shop/shared/identity/authenticate';
import { type Caller, hasScope } from '@shop/shared/identity/caller';

/** Answers a request to the internal graph that may not be answered from it, or null: go on. */
export type RefuseInternal = (request: IncomingMessage) => Promise<HTTPGraphQLResponse | null>;

/**
 * The internal graph is for whoever has the admin's key, and for service clients with the scope `internal`: FORBIDDEN
 * for other keys and other clients, UNAUTHENTICATED for everybody else.
 */
export function createRefuseInternal(authenticate: Authenticate): RefuseInternal {
  return async ({ headers }) => {
    const key = headers['x-api-key'];
    const caller = await authenticate({
      authorization: headers.authorization,
      apiKey: Array.isArray(key) ? key[0] : key,
    });
    return hasScope(caller, 'internal') ? null : refuse(caller);
  };
}

function refuse({ hasWrongApiKey, clientId, tokenProblem }: Caller): HTTPGraphQLResponse {
  if (hasWrongApiKey) {
    const message = 'The internal graph is for admins: the header x-api-key must equal API_SECRET.';
    return refusal(403, message, { code: 'FORBIDDEN' });
  }
  if (clientId !== null) {
    const message =
      'The internal graph is for admins: the access token of this client lacks the scope internal.';
    return refusal(403, message, { code: 'FORBIDDEN' });
  }
  if (tokenProblem?.extensions.code === 'SERVICE_UNAVAILABLE') {
    return refusal(503, tokenProblem.message, tokenProblem.extensions);
  }
  const message = 'The internal graph is for admins: send the header x-api-key.';
  return refusal(401, tokenProblem?.message ?? message, { code: 'UNAUTHENTICATED' });
}

function refusal(status: number, message: string, extensions: object): HTTPGraphQLResponse {
  const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);
  const string = JSON.stringify({ errors: [{ message, extensions }] });
  return { status, headers, body: { kind: 'complete', string } };
}
