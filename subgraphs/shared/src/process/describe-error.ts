/** What the log tells of an error. */
export interface ErrorDescription {
  type: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: ErrorDescription;
  errors?: ErrorDescription[];
}

/** Of causes, or of what one error gathers, no more than that. */
const maxDepth = 5;
const maxErrors = 5;

/**
 * An error without what it carries besides: drivers hang what they were asked to do on their errors, and with it e-mail
 * addresses and hashes of passwords. pino would log it all.
 */
export function describeError(thrown: unknown, depth = 1): ErrorDescription {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: String(thrown) };
  const { name, message, stack, cause } = thrown;
  const code = 'code' in thrown ? thrown.code : undefined;
  const errors = thrown instanceof AggregateError ? thrown.errors.slice(0, maxErrors) : [];
  return {
    type: name,
    message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && depth < maxDepth && { cause: describeError(cause, depth + 1) }),
    ...(errors.length > 0 &&
      depth < maxDepth && { errors: errors.map((error) => describeError(error, depth + 1)) }),
  };
}
