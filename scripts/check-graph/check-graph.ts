import { type OperationPlan, planOperations } from '@shop/router/plan-operations';
import { toPublic } from '../compose/compose-public.ts';
import { type CompositionProblem, composeSupergraph } from '../compose/compose-supergraph.ts';
import { comparePlans } from './compare-plans.ts';
import type { Finding } from './finding.ts';
import type { GraphInput } from './graph-input.ts';
import { judgeHints } from './judge-hints.ts';
import { lintSubgraphs } from './lint-subgraphs.ts';

/** What the check has to say on a graph. */
export interface GraphVerdict {
  /** Whether no finding is an error. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** What the subgraphs compose to; null when they do not, or when nothing public is left of it that works. */
  readonly composed: ComposedGraph | null;
  /** How the gateway would run each valid operation, by the operation's name. */
  readonly plans: readonly OperationPlan[];
}

export interface ComposedGraph {
  /** Everything, the internal included: what the router is given. */
  readonly supergraphSdl: string;
  /** The schema that clients of the public graph see. */
  readonly publicApiSdl: string;
  /** The schema that clients of the internal graph see. */
  readonly internalApiSdl: string;
}

/**
 * Says everything about a graph that would stop it from being merged or published, and what is worth knowing besides.
 * It reads no file, no clock and no network: the same input has the same verdict.
 */
export async function checkGraph(input: GraphInput): Promise<GraphVerdict> {
  const lint = lintSubgraphs(input.subgraphs);
  const whole = composeSupergraph(input.subgraphs);
  if (whole.kind === 'invalid') return verdict([...whole.problems.map(asError), ...lint]);
  const open = toPublic(whole);
  if (open.kind === 'invalid') return verdict([...open.problems.map(asError), ...lint]);

  const ofVariant = (variant: string) => input.operations.filter((each) => each.variant === variant);
  const planned = [
    planOperations(open.supergraphSdl, ofVariant('public')),
    planOperations(whole.supergraphSdl, ofVariant('internal')),
  ];
  const plans = planned.flatMap((each) => each.plans);
  const problems = planned.flatMap((each) => each.problems);
  const invalid = problems.map(({ operation, message }) =>
    asError({ code: 'INVALID_OPERATION', message, locations: [operation.at] }),
  );
  return verdict(
    [
      ...judgeHints(whole.hints, input.acceptedHints),
      ...invalid,
      ...(input.plans === null ? [] : comparePlans(plans, input.plans)),
      ...lint,
    ],
    {
      plans,
      composed: {
        supergraphSdl: whole.supergraphSdl,
        publicApiSdl: open.apiSdl,
        internalApiSdl: whole.apiSdl,
      },
    },
  );
}

function verdict(
  findings: readonly Finding[],
  { composed = null, plans = [] }: Partial<Pick<GraphVerdict, 'composed' | 'plans'>> = {},
): GraphVerdict {
  const ok = findings.every(({ severity }) => severity !== 'error');
  return { ok, findings, composed, plans };
}

function asError({ code, message, locations }: CompositionProblem): Finding {
  return { code, severity: 'error', message, locations };
}
