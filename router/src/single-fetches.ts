import type { Experimental_DidResolveQueryPlanCallback, GraphQLDataSource } from '@apollo/gateway';
import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';
import type { RouterContext } from './subgraph-source.ts';
import { type Check, createObjectCheck } from './value-checks.ts';

type Source = GraphQLDataSource<RouterContext>;
type Request = Parameters<Source['process']>[0]['request'];
type PlanNode = Parameters<Experimental_DidResolveQueryPlanCallback>[0]['queryPlan']['node'];
type FetchNode = Extract<PlanNode, { kind: 'Fetch' }>;

/** An operation whose whole answer is what one subgraph answers to one request. */
interface SingleFetch {
  operation: OperationDefinitionNode;
  fetch: FetchNode;
  isWhole: Check;
}

export interface SingleFetches {
  /** For the gateway: told of each plan. */
  notePlan: Experimental_DidResolveQueryPlanCallback;
  /** For the gateway: a subgraph whose early answers are not asked for again. */
  withEarlyAnswers(name: string, source: Source): Source;
  plugin: ApolloServerPlugin<RouterContext>;
}

/**
 * Operations that one subgraph answers alone, as most are, and word for word: its answer is the client's. The gateway
 * would convert the operation and rebuild the answer field by field each time, several times the cost of all the rest.
 * Whatever is not as it should be (an error, a value that the graph does not allow) is left to the gateway, with the
 * answer that is already here: no subgraph is asked twice.
 */
export function createSingleFetches(): SingleFetches {
  const known = new WeakMap<DocumentNode, SingleFetch | null>();
  const sources = new Map<string, Source>();

  async function ask({ fetch }: SingleFetch, variables: Record<string, unknown>, context: RouterContext) {
    const source = sources.get(fetch.serviceName);
    if (!source) return null;
    const request = requestOf(fetch, variables);
    // The kinds differ in what else the gateway's own sources are told; ours needs none of it.
    const answer = source.process({ request, context } as Parameters<Source['process']>[0]);
    context.early = { subgraph: fetch.serviceName, answer };
    return answer.catch(() => null);
  }

  return {
    notePlan({ queryPlan, requestContext: { document, schema } }) {
      if (document && !known.has(document))
        known.set(document, toSingleFetch(queryPlan.node, document, schema));
    },
    withEarlyAnswers(name, source) {
      sources.set(name, source);
      return {
        process(options) {
          const { early } = options.context as RouterContext;
          if (early?.subgraph !== name) return source.process(options);
          options.context.early = undefined;
          return early.answer;
        },
      };
    },
    plugin: {
      requestDidStart: async () => ({
        async responseForOperation({ document, schema, request, contextValue }) {
          const single = known.get(document);
          if (!single) return null;
          const given = request.variables ?? {};
          const { variableDefinitions = [] } = single.operation;
          if (getVariableValues(schema, variableDefinitions, given).errors) return null;
          const response = await ask(single, given, contextValue);
          if (!response || response.errors || !single.isWhole(response.data)) return null;
          const singleResult = { data: response.data as Record<string, unknown> };
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
      }),
    },
  };
}

/** As the gateway makes it of the plan and what the client gave. */
function requestOf(fetch: FetchNode, given: Record<string, unknown>): Request {
  const variables: Record<string, unknown> = {};
  for (const name of fetch.variableUsages ?? []) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) variables[name] = given[name];
  }
  return { query: fetch.operation, operationName: fetch.operationName, variables } as Request;
}

function toSingleFetch(
  fetch: PlanNode,
  { definitions: [operation, ...others] }: DocumentNode,
  schema: GraphQLSchema,
): SingleFetch | null {
  if (fetch?.kind !== 'Fetch' || others.length > 0) return null;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return null;
  if (fetch.requires || fetch.inputRewrites || fetch.outputRewrites || fetch.contextRewrites) return null;
  if (operation.directives?.length || !isPlain(operation.selectionSet)) return null;
  // Subgraphs may name their root types as they like.
  if (asksForTypename(operation.selectionSet)) return null;
  const [sent] = parse(fetch.operation).definitions;
  if (sent?.kind !== Kind.OPERATION_DEFINITION) return null;
  if (print(sent.selectionSet) !== print(operation.selectionSet)) return null;
  const root = schema.getRootType(operation.operation);
  if (!root) return null;
  return { operation, fetch, isWhole: createObjectCheck(schema, root, operation.selectionSet) };
}

function asksForTypename({ selections }: SelectionSetNode): boolean {
  return selections.some((each) => each.kind === Kind.FIELD && each.name.value === '__typename');
}

/** Fields alone, without fragments and conditions, each name once: then the answer has the order of the question. */
function isPlain({ selections }: SelectionSetNode): boolean {
  const names = new Set<string>();
  return (
    selections.every((selection) => {
      if (selection.kind !== Kind.FIELD || selection.directives?.length) return false;
      names.add((selection.alias ?? selection.name).value);
      return !selection.selectionSet || isPlain(selection.selectionSet);
    }) && names.size === selections.length
  );
}
