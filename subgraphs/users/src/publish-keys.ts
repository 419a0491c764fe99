import type { Route } from '@shop/shared/graphql/http-listener';
import { keysMaxAgeMs } from '@shop/shared/identity/published-keys';
import type { SigningKeys } from './signing-keys.ts';

/** Answers `/.well-known/jwks.json`: what any process needs to verify our access tokens. */
export function publishKeys(keys: Pick<SigningKeys, 'published'>): Route {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    response.writeHead(200, {
      // RFC 7517, section 8.5.2
      'content-type': 'application/jwk-set+json',
      'cache-control': `public, max-age=${keysMaxAgeMs / 1000}`,
    });
    response.end(JSON.stringify(keys.published()));
  };
}
