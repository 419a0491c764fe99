import type { Route } from '@shop/shared/graphql/http-listener';
import type { JSONWebKeySet } from 'jose';

/** Answers `/.well-known/jwks.json`: what any process needs to verify our access tokens. */
export function publishKeys(published: JSONWebKeySet): Route {
  const body = JSON.stringify(published);
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    response.writeHead(200, {
      // RFC 7517, section 8.5.2
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=300',
    });
    response.end(body);
  };
}
