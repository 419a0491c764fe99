import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '@shop/contracts/errors';
import { placesFor } from './request-size.ts';

/** Answers a request that cannot be read as an operation. */
export function refuse(response: ServerResponse, refusal: { status: number; message: string }): void {
  // The rest of a refused body is not read: the connection cannot be used again.
  const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'close' };
  response.writeHead(refusal.status, headers);
  const error = { message: refusal.message, extensions: { code: 'BAD_REQUEST' } };
  response.end(JSON.stringify({ errors: [error] }));
}

const retryAfterSeconds = 1;

const responseType = 'application/graphql-response+json';

/**
 * Answers SERVICE_UNAVAILABLE, with the status 503 of GraphQL over HTTP for a request that was not executed. The
 * connection of a body of usual size is kept: clients that must connect anew would make an overload worse.
 */
export function refuseForNow(request: IncomingMessage, response: ServerResponse, reason: string): void {
  if (response.headersSent) return;
  const message = `${reason} Try again in a few seconds.`;
  const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds };
  const headers = { 'retry-after': String(retryAfterSeconds) };
  refuseUnread(request, response, { status: 503, headers, error: { message, extensions } });
}

/** Answers 401 to whoever did not show that it is the router. */
export function refuseStranger(request: IncomingMessage, response: ServerResponse): void {
  const message = 'A subgraph answers its router alone: ask the router.';
  const error = { message, extensions: { code: 'ROUTER_ONLY' satisfies ErrorCode } };
  refuseUnread(request, response, { status: 401, headers: {}, error });
}

/** Before the body was read: Node reads one of usual size and drops it, a long one ends the connection. */
function refuseUnread(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: { status: number; headers: Record<string, string>; error: object },
): void {
  const isLong = !request.complete && placesFor(request) > 1;
  response.writeHead(refusal.status, {
    'content-type': request.headers.accept?.includes(responseType)
      ? `${responseType}; charset=utf-8`
      : 'application/json; charset=utf-8',
    ...refusal.headers,
    ...(isLong && { connection: 'close' }),
  });
  response.end(JSON.stringify({ errors: [refusal.error] }));
}
