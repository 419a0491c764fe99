/** What a client sent to the token endpoint; every value is as long as the body at most. */
export interface TokenRequest {
  grantType: string;
  credentials: ClientCredentials;
  /** Null when none was asked for. */
  scope: string | null;
}

export interface ClientCredentials {
  clientId: string;
  secret: string;
}

export type ParsedTokenRequest =
  | { kind: 'parsed'; request: TokenRequest }
  | { kind: 'refused'; error: 'invalid_request' | 'invalid_client'; description: string };

/**
 * Reads a request of RFC 6749, section 4.4.2, authenticated by HTTP Basic or in the body (section 2.3.1), never both. An
 * empty parameter is as one that was left out, an unknown one is ignored, and none may come twice (section 3.2).
 */
export function parseTokenRequest(body: string, authorization: string | undefined): ParsedTokenRequest {
  const form = [...new URLSearchParams(body)];
  const names = form.map(([name]) => name);
  if (new Set(names).size < names.length) return invalidRequest('a parameter came twice');
  const given = new Map(form.filter(([, value]) => value !== ''));
  const grantType = given.get('grant_type');
  if (grantType === undefined) return invalidRequest('grant_type is missing');
  const credentials = credentialsOf(authorization, given.get('client_id'), given.get('client_secret'));
  if ('kind' in credentials) return credentials;
  return { kind: 'parsed', request: { grantType, credentials, scope: given.get('scope') ?? null } };
}

function credentialsOf(
  authorization: string | undefined,
  clientId: string | undefined,
  secret: string | undefined,
): ClientCredentials | Extract<ParsedTokenRequest, { kind: 'refused' }> {
  if (authorization === undefined) {
    return clientId === undefined || secret === undefined
      ? invalidClient('authenticate by HTTP Basic, or with client_id and client_secret')
      : { clientId, secret };
  }
  if (secret !== undefined) return invalidRequest('authenticate in one way: by HTTP Basic, or in the body');
  const basic = readBasic(authorization);
  if (basic === null) return invalidClient('the Authorization header is no HTTP Basic that can be read');
  if (clientId !== undefined && clientId !== basic.clientId) {
    return invalidRequest('client_id is another than that of the Authorization header');
  }
  return basic;
}

/** RFC 7617, with both parts form-urlencoded before (RFC 6749, section 2.3.1). */
function readBasic(authorization: string): ClientCredentials | null {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization.trim())?.[1];
  if (encoded === undefined) return null;
  const [, clientId = '', secret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const decoded = { clientId: formDecode(clientId), secret: formDecode(secret) };
  return decoded.clientId && decoded.secret ? { clientId: decoded.clientId, secret: decoded.secret } : null;
}

function formDecode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function invalidRequest(description: string) {
  return { kind: 'refused', error: 'invalid_request', description } as const;
}

function invalidClient(description: string) {
  return { kind: 'refused', error: 'invalid_client', description } as const;
}
