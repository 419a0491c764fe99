import type { Route } from '@shop/shared/graphql/http-listener';
import { clientAddressOf } from '@shop/shared/identity/client-address';
import { type OauthAnswer, oauthError, oauthRoute, unavailableNow } from '@shop/shared/identity/oauth-route';
import { UnavailableError } from '@shop/shared/unavailable';
import { type GrantOutcome, grantToken } from './grant-token.ts';
import { serviceTokenLifeSeconds } from './issue-service-token.ts';
import { parseTokenRequest } from './token-request.ts';

type Dependencies = Parameters<typeof grantToken>[2];

/** Answers `POST /oauth/token`: access tokens for service clients (RFC 6749, sections 4.4, 5.1 and 5.2). */
export function answerTokenRequests(dependencies: Dependencies): Route {
  return oauthRoute(async (request, body) => {
    const parsed = parseTokenRequest(body, request.headers.authorization);
    if (parsed.kind === 'refused') return oauthError(parsed.error, parsed.description);
    try {
      return answerFor(await grantToken(parsed.request, clientAddressOf(request), dependencies));
    } catch (error) {
      if (error instanceof UnavailableError) return unavailableNow;
      throw error;
    }
  });
}

function answerFor(outcome: GrantOutcome): OauthAnswer {
  switch (outcome.kind) {
    case 'granted':
      return {
        status: 200,
        headers: {},
        body: {
          access_token: outcome.accessToken,
          token_type: 'Bearer',
          expires_in: serviceTokenLifeSeconds,
          scope: outcome.scopes.join(' '),
        },
      };
    case 'unsupportedGrantType':
      return oauthError('unsupported_grant_type', 'the grant type is client_credentials');
    case 'invalidCredentials':
      return oauthError('invalid_client', 'the client is unknown or revoked, or the secret is wrong');
    case 'invalidScope':
      return oauthError('invalid_scope', 'ask for scopes of this client alone, separated by one space');
    case 'limited':
      return {
        ...oauthError('temporarily_unavailable', 'too many wrong secrets came from here', 429),
        headers: { 'retry-after': String(outcome.retryAfterSeconds) },
      };
  }
}
