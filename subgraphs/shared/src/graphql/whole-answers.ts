import { type ApolloServerPlugin, type BaseContext, HeaderMap } from '@apollo/server';
import { type DocumentNode, type ExecutionResult, execute } from 'graphql';

/** A valid operation that is about to be run. */
export interface WholeOperation<Context> {
  document: DocumentNode;
  /** SHA-256 of its text. */
  hash: string;
  variables: Record<string, unknown>;
  /** Of the request. */
  context: Context;
}

/** Answers an operation as a whole, perhaps from an earlier `run`; null: it is run like all others. */
export type AnswerWhole<Context> = (
  operation: WholeOperation<Context>,
  run: () => Promise<ExecutionResult>,
) => Promise<ExecutionResult | null>;

/** Lets a subgraph answer operations without running them field by field again. */
export function answerWholeOperations<Context extends BaseContext>(
  answer: AnswerWhole<Context>,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async responseForOperation({ schema, document, request, queryHash, operationName, contextValue }) {
        if (queryHash === undefined) return null;
        const variables = request.variables ?? {};
        const run = async () =>
          execute({
            schema,
            document,
            contextValue,
            variableValues: variables,
            operationName: operationName ?? null,
          });
        const operation = { document, hash: queryHash, variables, context: contextValue };
        const result = await answer(operation, run);
        if (!result) return null;
        const { data = null } = result;
        return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data } } };
      },
    }),
  };
}
