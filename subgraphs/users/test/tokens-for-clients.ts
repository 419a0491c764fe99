import type { Subgraph } from '@shop/shared/process/subgraph';
import { type Answer, admin, ask, dataOf } from '../../shared/test/ask.ts';

export interface ClientWithSecret {
  client: { _id: string; name: string; scopes: string[]; createdAt: string; revokedAt: string | null };
  secret: string;
}

const clientFields = '_id name scopes createdAt revokedAt';

export function tryToCreateClient(users: Subgraph, input: unknown, caller = admin): Promise<Answer> {
  const query = `mutation ($input: CreateServiceClientInput!) {
    createServiceClient(input: $input) { client { ${clientFields} } secret }
  }`;
  return ask(users, query, { input }, caller);
}

export async function createClient(
  users: Subgraph,
  scopes: string[],
  name = 'erp',
): Promise<ClientWithSecret> {
  return dataOf(await tryToCreateClient(users, { name, scopes }), 'createServiceClient') as ClientWithSecret;
}

export function tryToRotate(users: Subgraph, id: string, caller = admin): Promise<Answer> {
  const query = `mutation ($id: ID!) {
    rotateServiceClientSecret(id: $id) { client { ${clientFields} } secret }
  }`;
  return ask(users, query, { id }, caller);
}

export function tryToRevoke(users: Subgraph, id: string, caller = admin): Promise<Answer> {
  const query = `mutation ($id: ID!) { revokeServiceClient(id: $id) { ${clientFields} } }`;
  return ask(users, query, { id }, caller);
}

export function tryToList(users: Subgraph, args = '', caller = admin): Promise<Answer> {
  return ask(users, `{ serviceClients${args} { ${clientFields} } }`, {}, caller);
}

export function basicOf(clientId: string, secret: string): string {
  const text = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

export interface TokenAnswer {
  status: number;
  headers: Headers;
  body: {
    access_token?: string;
    token_type?: string;
    expires_in?: number;
    scope?: string;
    error?: string;
    error_description?: string;
  };
}

/** Asks for a token with this form; sends another request where `init` says so. */
export async function askForToken(
  { url }: { url: string },
  form: Record<string, string> | string,
  init: RequestInit = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: init.method === 'GET' ? null : new URLSearchParams(form).toString(),
    ...init,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...init.headers },
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as TokenAnswer['body'],
  };
}

export const grant = { grant_type: 'client_credentials' };

export function askAs(
  where: { url: string },
  { client: { _id }, secret }: ClientWithSecret,
  form: Record<string, string> = {},
): Promise<TokenAnswer> {
  return askForToken(where, { ...grant, client_id: _id, client_secret: secret, ...form });
}
