import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf } from '@shop/shared/graphql/http-listener';
import { createCrossOrigin } from './cross-origin.ts';

/**
 * What every answer carries, whatever it is: it is data for programs, so a browser is to guess no type, show it in no
 * page, load nothing for it, tell nobody of it and keep nothing; a route whose answers may be kept says so itself. Those
 * that OWASP names for an API (https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html);
 * Strict-Transport-Security is for whatever ends TLS before the router.
 */
const headers = Object.entries({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
});

/**
 * For the listener: sets the headers of an answer, those for pages of other origins too, which may ask the public graph
 * alone. True when it has answered.
 */
export function createResponseHeaders(corsOrigins: readonly string[]) {
  const crossOrigin = createCrossOrigin(corsOrigins);
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    for (const [name, value] of headers) response.setHeader(name, value);
    return pathOf(request) === '/graphql' && crossOrigin(request, response);
  };
}
