import type { IncomingMessage, ServerResponse } from 'node:http';
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
 * connection of a body of usual size is kept, since Node reads such a body and drops it: clients that must connect
 * anew would make an overload worse.
 */
export function refuseForNow(request: IncomingMessage, response: ServerResponse, reason: string): void {
  if (response.headersSent) return;
  const isLong = !request.complete && placesFor(request) > 1;
  response.writeHead(503, {
    'content-type': request.headers.accept?.includes(responseType)
      ? `${responseType}; charset=utf-8`
      : 'application/json; charset=utf-8',
    'retry-after': String(retryAfterSeconds),
    ...(isLong && { connection: 'close' }),
  });
  const message = `${reason} Try again in a few seconds.`;
  const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds };
  response.end(JSON.stringify({ errors: [{ message, extensions }] }));
}
