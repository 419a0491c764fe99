/**
 * A server that this process depends on (documents, events) did not answer in time or cannot be reached.
 * The operation may or may not have happened. GraphQL answers it as SERVICE_UNAVAILABLE.
 */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}
