import type { IncomingMessage, ServerResponse } from 'node:http';
import { createAdmission } from '@shop/shared/graphql/admission';
import type { Route } from '@shop/shared/graphql/http-listener';
import { type OauthAnswer, oauthRoute, unavailableNow } from '@shop/shared/identity/oauth-route';
import { scopes } from '@shop/shared/identity/scopes';
import type { Logger } from '@shop/shared/process/log';
import type { SubgraphAnswer } from './subgraph-client.ts';
import type { SubgraphSource } from './subgraph-source.ts';

export interface OauthRoutesOptions {
  /** Users as it is asked now; undefined where the graph has none. */
  users: () => Pick<SubgraphSource, 'relay'> | undefined;
  /** The origin by which clients know this router. It is never taken from a request. */
  publicUrl: () => string;
  /** What Users is told of where a request came from. */
  originHeaders: (request: IncomingMessage) => Record<string, string>;
  log: Logger;
}

const keysPath = '/.well-known/jwks.json';
const tokenPath = '/oauth/token';

/** Servers ask for a token every few minutes: more at once are a flood, which gets no room of the operations. */
const maxRelays = 100;

/**
 * What a server needs to get access tokens: the token endpoint and the keys, which are those of Users, asked for each
 * time, and the metadata that say where both are. Users away is 503 with Retry-After.
 */
export function oauthRoutes(options: OauthRoutesOptions): Record<string, Route> {
  const { users, publicUrl, originHeaders, log } = options;
  const admission = createAdmission({ maxPlaces: maxRelays, log });

  async function askUsers(request: Parameters<SubgraphSource['relay']>[0]): Promise<Answered | null> {
    const place = admission.enter(1);
    if (!place) return null;
    try {
      const answer = await users()?.relay(request);
      return answer?.kind === 'answered' ? answer : null;
    } finally {
      place.leave();
    }
  }

  return {
    [tokenPath]: oauthRoute(async (request, body) => {
      const { authorization } = request.headers;
      const headers = {
        ...originHeaders(request),
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization !== undefined && { authorization }),
      };
      const answer = await askUsers({ path: tokenPath, headers, body });
      return toOauthAnswer(answer) ?? unavailableNow;
    }),
    [keysPath]: forReading(async (response) => {
      const answer = await askUsers({ path: keysPath, headers: {}, body: null });
      if (answer?.status !== 200) return sendJson(response, 503, unavailableNow.headers, unavailableNow.body);
      response.writeHead(200, only(answer, ['content-type', 'cache-control']));
      response.end(answer.body);
    }),
    '/.well-known/oauth-authorization-server': forReading((response) =>
      sendJson(response, 200, { 'cache-control': 'public, max-age=300' }, metadataOf(publicUrl())),
    ),
  };
}

/**
 * RFC 8414, section 2. The issuer is the origin that a client asks, as section 3.3 demands; what tokens say in `iss` is
 * the name of Users that every verifier of the shop has pinned, and no client is to look into them.
 */
function metadataOf(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}${tokenPath}`,
    jwks_uri: `${issuer}${keysPath}`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    scopes_supported: scopes,
    // Required, though nothing is answered at an authorization endpoint: there is none.
    response_types_supported: [],
  };
}

type Answered = Extract<SubgraphAnswer, { kind: 'answered' }>;

/** Null when it is none of the token endpoint's: a Users of release 0.1 has none, another process may be in its place. */
function toOauthAnswer(answer: Answered | null): OauthAnswer | null {
  if (answer === null || answer.status >= 500) return null;
  try {
    const body: unknown = JSON.parse(answer.body);
    const isOauth =
      typeof body === 'object' &&
      body !== null &&
      (answer.status === 200 ? 'access_token' in body : 'error_description' in body);
    if (!isOauth) return null;
    return { status: answer.status, headers: only(answer, ['www-authenticate', 'retry-after']), body };
  } catch {
    return null;
  }
}

function only({ headers }: Answered, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** GET and HEAD, for which Node sends no body. */
function forReading(answer: (response: ServerResponse) => void | Promise<void>): Route {
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return answer(response);
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  };
}

function sendJson(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: unknown,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
