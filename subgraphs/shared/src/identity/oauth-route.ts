import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../graphql/http-listener.ts';

/** An answer of RFC 6749, sections 5.1 and 5.2. */
export interface OauthAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export type OauthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'temporarily_unavailable';

/** Credentials and a list of scopes are some hundred bytes. */
export const maxOauthBodyBytes = 16 * 1024;

/** `description` is for developers: ASCII without quotes and backslashes (RFC 6749, section 5.2). */
export function oauthError(code: OauthErrorCode, description: string, status?: number): OauthAnswer {
  const body = { error: code, error_description: description };
  if (code !== 'invalid_client') return { status: status ?? 400, headers: {}, body };
  return { status: 401, headers: { 'www-authenticate': 'Basic realm="shop", charset="UTF-8"' }, body };
}

/** The code is one that RFC 6749 has for its other endpoint: the standard names none for this one. */
export const unavailableNow: OauthAnswer = {
  ...oauthError('temporarily_unavailable', 'tokens cannot be issued right now, try again', 503),
  headers: { 'retry-after': '1' },
};

/**
 * A path that takes forms by POST and answers JSON that nobody keeps. What is no POST is 405; a body that is too long
 * 413; one that is no form of UTF-8, invalid_request.
 */
export function oauthRoute(handle: (request: IncomingMessage, body: string) => Promise<OauthAnswer>): Route {
  return async (request, response) => {
    if (request.method !== 'POST') {
      const refused = oauthError('invalid_request', 'use POST', 405);
      return send(response, { ...refused, headers: { allow: 'POST' } });
    }
    const body = await readForm(request);
    send(response, typeof body === 'string' ? await handle(request, body) : body);
  };
}

function send(response: ServerResponse, { status, headers, body }: OauthAnswer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    pragma: 'no-cache',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<string | OauthAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxOauthBodyBytes) {
      const refused = oauthError('invalid_request', `send at most ${maxOauthBodyBytes} bytes`, 413);
      // The rest is not read: the connection cannot be used again.
      return { ...refused, headers: { connection: 'close' } };
    }
    chunks.push(chunk);
  }
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded' || request.headers['content-encoding'] !== undefined) {
    return oauthError('invalid_request', 'send a form: content-type application/x-www-form-urlencoded');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return oauthError('invalid_request', 'send the form in UTF-8');
  }
}
