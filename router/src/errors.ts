import type { ApolloServerPlugin } from '@apollo/server';
import { errorCatalogue } from '@shop/contracts/errors';
import { createFormatError } from '@shop/shared/graphql/errors';
import type { Logger } from '@shop/shared/process/log';
import type { GraphQLFormattedError } from 'graphql';

/**
 * Apollo Server's `formatError` of the router. A subgraph's error keeps its message, path, code and extensions if
 * its code is of the catalogue. Its other codes speak of what the router sent it, and not of what the client
 * did: they are hidden as every unexpected error is. Where an error came from is not told.
 */
export function createRouterFormatError(log: Logger) {
  const format = createFormatError(log);
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const { serviceName, ...extensions } = formatted.extensions ?? {};
    if (serviceName === undefined) return format(formatted, thrown);
    const isCatalogued =
      typeof extensions.code === 'string' && Object.hasOwn(errorCatalogue, extensions.code);
    if (isCatalogued) return format({ ...formatted, extensions }, thrown);
    const cause = new Error(`subgraph ${serviceName}: ${formatted.message}`, { cause: thrown });
    return format({ ...formatted, extensions: {} }, cause);
  };
}

/** A subgraph that is away is reported once, however many parts of the operation needed it. */
export const oneErrorPerSubgraph: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body } }) {
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        const reported = new Set<string>();
        body.singleResult.errors = body.singleResult.errors.filter(({ message, path, extensions }) => {
          if (extensions?.code !== 'SERVICE_UNAVAILABLE' || path !== undefined) return true;
          const isFirst = !reported.has(message);
          reported.add(message);
          return isFirst;
        });
      },
    };
  },
};
