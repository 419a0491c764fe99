import { type ErrorCode, errorCatalogue } from '@shop/contracts/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { UnavailableError } from '../unavailable.ts';

/** An error that a client is meant to read: a code of the catalogue and a message that says what to do. */
export function shopError(
  code: ErrorCode,
  message: string,
  extensions: Record<string, unknown> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code } });
}

export interface FieldProblem {
  path: string;
  message: string;
}

/** BAD_USER_INPUT that names every field at fault. */
export function badUserInput(fields: FieldProblem[]): GraphQLError {
  const summary = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return shopError('BAD_USER_INPUT', summary, { fields });
}

const apolloCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
]);

/** True for a code that a client may be shown: ours, or Apollo Server's for malformed requests. */
export function isPublicCode(code: unknown): boolean {
  return typeof code === 'string' && (Object.hasOwn(errorCatalogue, code) || apolloCodes.has(code));
}

/**
 * Apollo Server's `formatError`: lets coded errors through without stack traces, answers a store that is away
 * as SERVICE_UNAVAILABLE, and hides everything else behind INTERNAL_SERVER_ERROR while logging its cause.
 */
export function createFormatError(log: Logger) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const cause = thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown;
    const { locations, path } = formatted;
    const place = { ...(locations && { locations }), ...(path && { path }) };
    if (cause instanceof UnavailableError) {
      log.warn({ err: cause, path }, 'a dependency does not answer');
      const message = 'The shop cannot do this right now. Try again in a few seconds.';
      return { message, ...place, extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 } };
    }
    if (isUncodedRefusal(formatted, thrown)) {
      return { message: formatted.message, ...place, extensions: { code: 'BAD_REQUEST' } };
    }
    const isCoded = thrown instanceof GraphQLError && isPublicCode(formatted.extensions?.code);
    if (isCoded && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') {
      const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
      return { message: formatted.message, ...place, extensions };
    }
    log.error({ err: cause, path }, 'unexpected error');
    return { message: 'Internal server error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  };
}

/** Apollo Server refuses some requests (a persisted query whose hash is wrong) with a status of 4xx and no code. */
function isUncodedRefusal(formatted: GraphQLFormattedError, thrown: unknown): boolean {
  if (!(thrown instanceof GraphQLError) || formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR')
    return false;
  const { code, http } = thrown.extensions as { code?: unknown; http?: { status?: number } };
  return code === undefined && Math.trunc((http?.status ?? 0) / 100) === 4;
}
