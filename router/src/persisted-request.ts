import type { GraphQLRequest } from '@apollo/server';

/**
 * The id by which a request names its document: `extensions.persistedQuery.sha256Hash` as Apollo's clients send it, or
 * `documentId` of GraphQL over HTTP's persisted documents, with or without `sha256:` before it.
 * https://github.com/graphql/graphql-over-http/blob/persisted-documents/spec/Appendix%20A%20--%20Persisted%20Documents.md
 */
export function documentIdOf(request: GraphQLRequest): string | undefined {
  const { version, sha256Hash } = fieldsOf(fieldsOf(request.extensions).persistedQuery);
  if (version === 1 && typeof sha256Hash === 'string') return sha256Hash;
  const documentId = fieldsOf(request.http?.body).documentId ?? searchOf(request).get('documentId');
  return typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : undefined;
}

/** Makes it a request of this text and of nothing else. */
export function sendAsText(request: GraphQLRequest, text: string): void {
  const { persistedQuery: _, ...extensions } = request.extensions ?? {};
  request.query = text;
  request.extensions = extensions;
}

/** Makes it a request by hash alone, as Apollo's clients send it: Apollo Server looks among those registered. */
export function sendByHash(request: GraphQLRequest, sha256Hash: string): void {
  request.extensions = { ...request.extensions, persistedQuery: { version: 1, sha256Hash } };
}

/** Apollo Server itself reads the search of a GET alone. */
function searchOf({ http }: GraphQLRequest): URLSearchParams {
  return new URLSearchParams(http?.method === 'GET' ? http.search : '');
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
