import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner } from '@apollo/query-planner';
import { parse, validate } from 'graphql';
import type { ClientOperation, Variant } from './client-operations.ts';

/** How the gateway will run an operation. */
export interface OperationPlan {
  readonly operation: ClientOperation;
  /** The plan as Apollo's tools print it. */
  readonly text: string;
  /** How many requests of subgraphs it takes at most. */
  readonly fetches: number;
}

export interface OperationProblem {
  readonly operation: ClientOperation;
  readonly message: string;
}

export interface PlannedOperations {
  readonly plans: readonly OperationPlan[];
  readonly problems: readonly OperationProblem[];
}

/**
 * Plans each operation on a supergraph as the gateway would; those that the graph does not allow, or that cannot be
 * planned, are problems.
 *
 * @throws Error when the text is no supergraph
 */
export function planOperations(
  supergraphSdl: string,
  operations: readonly ClientOperation[],
): PlannedOperations {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const api = supergraph.apiSchema();
  const schema = api.toGraphQLJSSchema();
  const plans: OperationPlan[] = [];
  const problems: OperationProblem[] = [];
  for (const operation of operations) {
    const document = parse(operation.body);
    const errors = validate(schema, document);
    if (errors.length > 0) {
      problems.push(...errors.map(({ message }) => ({ operation, message })));
      continue;
    }
    try {
      const plan = planner.buildQueryPlan(operationFromDocument(api, document));
      plans.push({ operation, text: prettyFormatQueryPlan(plan), fetches: countFetches(plan) });
    } catch (error) {
      problems.push({ operation, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { plans, problems };
}

/**
 * Plans each operation on the variant that it is for; a variant that none is for is not looked at.
 *
 * @throws Error when a text is no supergraph
 */
export function planByVariant(
  supergraphs: Readonly<Record<Variant, string>>,
  operations: readonly ClientOperation[],
): PlannedOperations {
  const planned = (['public', 'internal'] as const).flatMap((variant) => {
    const own = operations.filter((each) => each.variant === variant);
    return own.length === 0 ? [] : [planOperations(supergraphs[variant], own)];
  });
  return {
    plans: planned.flatMap(({ plans }) => plans),
    problems: planned.flatMap(({ problems }) => problems),
  };
}

/** Counts in the plan's own structure: a fetch is a node of the kind Fetch, however deep. */
function countFetches(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  const own = 'kind' in node && node.kind === 'Fetch' ? 1 : 0;
  return Object.values(node).reduce((sum: number, below) => sum + countFetches(below), own);
}
