import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';

/**
 * Refuses a request that does not say which operation to run, or whose operation is of a kind that the graph does not
 * serve. The gateway would only find out while executing, and its error looks like a fault of ours.
 */
export const refuseUnclearOperation: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, request, schema }) {
        if (!operation) {
          const message = request.operationName
            ? 'The document has no operation of the name in operationName.'
            : 'The document has more than one operation: name the one to run in operationName.';
          throw refusal('OPERATION_RESOLUTION_FAILURE', message);
        }
        if (!schema.getRootType(operation.operation)) {
          throw refusal('GRAPHQL_VALIDATION_FAILED', `The graph has no ${operation.operation} operations.`);
        }
      },
    };
  },
};

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
