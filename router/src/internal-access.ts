import type { IncomingMessage } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { createKeyCheck } from '@shop/shared/identity/authenticate';

/** Answers a request to the internal graph that may not be answered from it, or null: go on. */
export type RefuseInternal = (request: IncomingMessage) => HTTPGraphQLResponse | null;

/** The internal graph is for whoever has the admin's key: UNAUTHENTICATED without one, FORBIDDEN with another. */
export function createRefuseInternal(apiSecret: string): RefuseInternal {
  const isAdminKey = createKeyCheck(apiSecret);
  return ({ headers }) => {
    const key = headers['x-api-key'];
    if (key === undefined)
      return refusal(401, 'UNAUTHENTICATED', 'The internal graph is for admins: send the header x-api-key.');
    if (typeof key === 'string' && isAdminKey(key)) return null;
    return refusal(
      403,
      'FORBIDDEN',
      'The internal graph is for admins: the header x-api-key must equal API_SECRET.',
    );
  };
}

function refusal(status: number, code: string, message: string): HTTPGraphQLResponse {
  const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);
  const string = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  return { status, headers, body: { kind: 'complete', string } };
}
