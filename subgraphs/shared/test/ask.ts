import { shopError } from '../src/graphql/errors.ts';
import { createAuthenticate } from '../src/identity/authenticate.ts';
import { scopesIn } from '../src/identity/scopes.ts';

/** The admin's key of the subgraphs under test. */
export const apiSecret = 'a-secret-for-tests';

/**
 * For a subgraph that issues no tokens: a token is its user's id here, or `service:` and the scopes of a service client
 * with commas between; `expired` is refused.
 */
export const authenticate = createAuthenticate({
  apiSecret,
  verifyToken: async (token) => {
    if (token === 'expired')
      throw shopError('UNAUTHENTICATED', 'The access token has expired: log in again.');
    const [, list] = /^service:(.*)$/.exec(token) ?? [];
    const expiresAtMs = Number.POSITIVE_INFINITY;
    if (list !== undefined) {
      return { userId: null, clientId: 'erp', scopes: scopesIn(list.replaceAll(',', ' ')), expiresAtMs };
    }
    return { userId: token, expiresAtMs };
  },
});

export type Fields = { [name: string]: unknown };

/** What a GraphQL request is answered with. */
export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: {
    message: string;
    path?: unknown[];
    extensions: { code: string; fields?: { path: string; message: string }[]; retryAfterSeconds?: number };
  }[];
}

/** Who asks: `user` is the access token. */
export interface Caller {
  user?: string;
  apiKey?: string;
}

export const admin: Caller = { apiKey: apiSecret };

/** Sends one operation over HTTP. */
export async function ask(
  { url }: { url: string },
  query: string,
  variables: Fields = {},
  { user, apiKey }: Caller = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(user && { authorization: `Bearer ${user}` }),
      ...(apiKey && { 'x-api-key': apiKey }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

/** What a field was answered with; fails if there are errors. */
export function dataOf(answer: Answer, field: string): unknown {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.[field];
}

export function codeOf({ errors }: Answer): string | undefined {
  return errors?.[0]?.extensions.code;
}

/** The paths of the fields that BAD_USER_INPUT names. */
export function badFieldsOf({ errors }: Answer): string[] | undefined {
  return errors?.[0]?.extensions.fields?.map(({ path }) => path);
}
