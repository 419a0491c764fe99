import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type Amount, amountWith } from './amount.ts';
import { findExcess } from './document-scan.ts';
import { costOf } from './operation-cost.ts';
import {
  type Excess,
  type LimitCode,
  type OperationLimits,
  tooCostly,
  tooDeep,
  tooMany,
  toRefusal,
} from './operation-limits.ts';
import { measureOperation } from './operation-shape.ts';
import { isRefused, refuseUnread } from './refused-request.ts';
import { createSeenTexts } from './seen-texts.ts';

/** What was found out about an operation whatever its variables are. */
type Judgement = { excess: Excess } | { cost: Amount };

/**
 * Refuses operations that ask for too much before any subgraph is asked, also those that are known by an id: by their
 * text before it is parsed, and by shape and cost once it is valid and before it is planned. A request with
 * `extensions: { cost: true }` is told `extensions.cost`, what it was estimated to cost and what is allowed.
 */
export function createOperationLimits(
  limits: OperationLimits,
  countRefused: (code: LimitCode) => void = () => {},
): ApolloServerPlugin {
  const seen = createSeenTexts();
  // Apollo Server gives the same node for the same text.
  const judged = new WeakMap<OperationDefinitionNode, Judgement>();

  function judgeOnce(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    const judgement = judged.get(operation) ?? judge(schema, document, operation, limits);
    judged.set(operation, judgement);
    return judgement;
  }

  function refusalOf(excess: Excess): GraphQLError {
    countRefused(excess.code);
    return toRefusal(excess);
  }

  function refuseByText(request: GraphQLRequest): void {
    const { query } = request;
    if (query === undefined || seen.has(query)) return;
    const excess = findExcess(query, limits);
    if (excess) refuseUnread(request, refusalOf(excess));
    else seen.add(query);
  }

  return {
    async requestDidStart({ request }) {
      refuseByText(request);
      let cost: { estimated: number; max: number } | null = null;
      return {
        async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
          if (!operation || isRefused(request)) return;
          const judgement = judgeOnce(schema, document, operation);
          if ('excess' in judgement) throw refusalOf(judgement.excess);
          cost = { estimated: amountWith(judgement.cost, variables), max: limits.cost };
          if (cost.estimated > cost.max) throw refusalOf(tooCostly(cost.estimated, cost.max));
        },
        async willSendResponse({ response: { body } }) {
          if (!cost || request.extensions?.cost !== true || body.kind !== 'single') return;
          body.singleResult.extensions = { ...body.singleResult.extensions, cost };
        },
      };
    },
  };
}

function judge(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: OperationLimits,
): Judgement {
  const { depth, fields, rootFields } = measureOperation(document, operation);
  if (depth > limits.depth) return { excess: tooDeep(limits.depth) };
  if (rootFields > limits.rootFields) return { excess: tooMany('root fields', limits.rootFields) };
  if (fields > limits.fields) return { excess: tooMany('fields', limits.fields) };
  return { cost: costOf(schema, document, operation, rootFields) };
}
