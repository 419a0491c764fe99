/**
 * Every error code that a client can meet in `errors[].extensions.code`. A code's meaning never changes;
 * messages may. Codes of malformed requests (GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, …) are
 * Apollo Server's own: https://www.apollographql.com/docs/apollo-server/data/errors
 */
export const errorCatalogue = {
  UNAUTHENTICATED:
    'No credentials, or a token that is wrong or expired: log in and send `Authorization: Bearer <token>`.',
  FORBIDDEN: 'The caller is known, or sent a wrong x-api-key, and may not do this.',
  BAD_USER_INPUT:
    'The input breaks a rule; `extensions.fields` lists { path, message } where the rule is ours.',
  NOT_FOUND: 'What the mutation names does not exist (or not for this caller).',
  USERNAME_TAKEN: 'Another user has this username; upper and lower case do not count.',
  INVALID_CREDENTIALS: 'Unknown username or wrong password.',
  INVALID_REFRESH_TOKEN:
    'The refresh token is unknown, expired or was used before, or its session was ended: log in again.',
  RATE_LIMITED: 'Too many attempts; `extensions.retryAfterSeconds` says when to come back.',
  IDEMPOTENCY_KEY_REUSED: 'This idempotencyKey was used before with other products.',
  INSUFFICIENT_STOCK: 'The change would take a quantity below zero.',
  ORDER_NOT_CANCELLABLE: 'The order is already rejected, cancelled or expired.',
  DUPLICATE_IMAGE: 'The product already has an image with this url.',
  QUERY_NOT_IN_SAFELIST:
    'The shop runs trusted documents alone (TRUSTED_DOCUMENTS=enforce), and this text is none of them.',
  PERSISTED_QUERY_NOT_IN_LIST:
    'The shop runs trusted documents alone, and none has this id; sending the text would not register it.',
  MAX_TOKENS_LIMIT: 'The document has too many words and signs; `extensions.max` says how many are allowed.',
  MAX_DEPTH_LIMIT: 'The operation nests too deeply; `extensions.max` says how many levels are allowed.',
  MAX_ALIASES_LIMIT: 'The document has too many aliases; `extensions.max` says how many are allowed.',
  MAX_DIRECTIVES_LIMIT: 'The document has too many directives; `extensions.max` says how many are allowed.',
  MAX_ROOT_FIELDS_LIMIT:
    'The operation asks for too many fields of Query or Mutation; `extensions.max` says how many are allowed.',
  MAX_HEIGHT_LIMIT:
    'The operation has too many fields, those of fragments counted at every spread; `extensions.max` says how many are allowed.',
  COST_ESTIMATED_TOO_EXPENSIVE:
    'The operation could answer too much: `extensions.estimated`, where `extensions.max` is allowed. Ask for smaller pages.',
  INTROSPECTION_DISABLED: 'The graph does not tell of itself here: the schema is contracts/api.graphql.',
  ROUTER_ONLY:
    'A subgraph was asked by somebody else than the router; clients of the router never meet it. In development ALLOW_DIRECT=1 opens a subgraph.',
  SERVICE_UNAVAILABLE:
    'A part of the shop does not answer now, or has too much to do; `extensions.retryAfterSeconds` says when to try again.',
  INTERNAL_SERVER_ERROR: 'A fault of the shop; the answer never says more, the log does.',
} as const;

export type ErrorCode = keyof typeof errorCatalogue;
