import type { GraphQLFormattedError } from 'graphql';

type FormatError = (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;

const suggestion = 'Did you mean ';

/**
 * Takes out of errors what would tell of the graph more than a client knows: names that are like a wrong one. Refusals of
 * introspection, which is off then, get the code that Apollo Router gives them.
 */
export function hidingTheSchema(format: FormatError): FormatError {
  return (formatted, thrown) => {
    const error = format(formatted, thrown);
    if (error.extensions?.validationErrorCode === 'INTROSPECTION_DISABLED') return refused(error);
    const { message } = error;
    // graphql-js ends its messages with them.
    const at = message.endsWith('?') ? message.lastIndexOf(suggestion) : -1;
    return at < 0 ? error : { ...error, message: message.slice(0, at).trimEnd() };
  };
}

function refused({ extensions: _, ...error }: GraphQLFormattedError): GraphQLFormattedError {
  const message = 'Introspection is off here. The schema is published: contracts/api.graphql.';
  return { ...error, message, extensions: { code: 'INTROSPECTION_DISABLED' } };
}
