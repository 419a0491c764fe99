import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import { sendAsText } from './persisted-request.ts';

/** What stands in for a refused document: the smallest that every graph allows, so that the refused one is never looked at. */
const inPlaceOfRefused = '{ __typename }';

const refusals = new WeakMap<GraphQLRequest, GraphQLError>();

/** Refuses a request as it comes in: its document is neither parsed nor run, and the answer is this error. The first one stays. */
export function refuseUnread(request: GraphQLRequest, error: GraphQLError): void {
  if (refusals.has(request)) return;
  refusals.set(request, error);
  sendAsText(request, inPlaceOfRefused);
  delete request.operationName;
}

export function isRefused(request: GraphQLRequest): boolean {
  return refusals.has(request);
}

/** Answers what was refused: only here does Apollo Server take an error for an answer to the client. */
export const answerRefusals: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request }) {
        const error = refusals.get(request);
        if (error) throw error;
      },
    };
  },
};
