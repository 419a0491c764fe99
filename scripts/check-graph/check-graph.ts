import type { ClientOperation, Variant } from '@shop/router/client-operations';
import { type OperationPlan, planByVariant } from '@shop/router/plan-operations';
import { buildSchema } from 'graphql';
import { toPublic } from '../compose/compose-public.ts';
import { type CompositionProblem, composeSupergraph } from '../compose/compose-supergraph.ts';
import { type BaseGraph, readBase } from './base-graph.ts';
import { comparePlans } from './compare-plans.ts';
import { definersOf } from './definers.ts';
import { findingsOf, type GraphFinding, isError } from './finding.ts';
import { findingOf, type GraphChange, graphChanges, type VariantChange } from './graph-change.ts';
import type { GraphInput } from './graph-input.ts';
import { invalidOperations } from './invalid-operations.ts';
import { judgeHints } from './judge-hints.ts';
import { lintSubgraphs } from './lint-subgraphs.ts';
import { type Places, placesIn } from './places.ts';

/** What the check has to say on a graph. */
export interface GraphVerdict {
  /** Whether no finding is an error. */
  readonly ok: boolean;
  readonly findings: readonly GraphFinding[];
  /** What the subgraphs compose to; null when they do not, or when nothing public is left of it that works. */
  readonly composed: ComposedGraph | null;
  /** Every difference from the base; none when there is no base or nothing is composed. */
  readonly changes: readonly GraphChange[];
  /** How the gateway would run each valid operation. */
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
  const places = placesIn(input.subgraphs);
  const lint = findingsOf('lint', lintSubgraphs(input.subgraphs));
  const whole = composeSupergraph(input.subgraphs);
  if (whole.kind === 'invalid') return refusal([...errorsOf(whole.problems, places), ...lint]);
  const hints = findingsOf('hints', judgeHints(whole.hints, input.acceptedHints));
  const open = toPublic(whole);
  if (open.kind === 'invalid') return refusal([...errorsOf(open.problems, places), ...hints, ...lint]);

  const { supergraphSdl, apiSdl: internalApiSdl } = whole;
  const composed = { supergraphSdl, internalApiSdl, publicApiSdl: open.apiSdl };
  const base = readBase(input.baseSupergraphSdl);
  if (base.kind === 'invalid') return refusal([invalidBase(base.message), ...hints, ...lint], composed);
  const changes = base.kind === 'none' ? [] : await changesSince(base, composed, input);
  const changed = changes.map((change) => findingOf(change, places(change.coordinate)));
  const { plans, problems } = planByVariant(
    { public: open.supergraphSdl, internal: supergraphSdl },
    operationsOf(input),
  );
  const current = plans.filter(({ operation }) => input.operations.includes(operation));
  const unplanned = problems.map(({ operation }) => operation.name);
  const compared = input.plans === null ? [] : comparePlans(current, input.plans, unplanned);
  const findings = [
    ...findingsOf('operations', invalidOperations(problems, base.schemas, changed)),
    ...findingsOf('changes', changed),
    ...findingsOf('plans', compared),
    ...hints,
    ...lint,
  ];
  return { ok: !findings.some(isError), findings, composed, changes, plans: current };
}

/** What clients send: the operations of today, and those of before that differ from them. */
function operationsOf({ operations, released = [] }: GraphInput): ClientOperation[] {
  const known = new Set(operations.map(({ id }) => id));
  const older = released.filter(({ id }) => !known.has(id));
  return [
    ...operations,
    ...older.map(
      (document): ClientOperation => ({
        ...document,
        name: `${document.name} (released)`,
        variant: 'public',
        at: 'released:1',
      }),
    ),
  ];
}

function changesSince(
  base: BaseGraph & { kind: 'graph' },
  head: ComposedGraph,
  input: GraphInput,
): Promise<readonly GraphChange[]> {
  const { usage, today } = input;
  if (head.supergraphSdl === base.supergraphSdl) return Promise.resolve([]);
  const definers = [definersOf(base.supergraphSdl), definersOf(head.supergraphSdl)];
  const change = (variant: Variant, headSdl: string): VariantChange => {
    const operations = operationsOf(input).filter((each) => each.variant === variant);
    return {
      variant,
      base: base.schemas[variant],
      head: buildSchema(headSdl),
      operations,
      usage,
      today,
      definers,
    };
  };
  return graphChanges([change('public', head.publicApiSdl), change('internal', head.internalApiSdl)]);
}

function refusal(findings: readonly GraphFinding[], composed: ComposedGraph | null = null): GraphVerdict {
  return { ok: false, findings, composed, changes: [], plans: [] };
}

function errorsOf(problems: readonly CompositionProblem[], places: Places): GraphFinding[] {
  return problems.map(({ code, message, locations, coordinates = quotedIn(message) }) => ({
    area: 'composition',
    code,
    severity: 'error',
    message,
    locations: locations.length > 0 ? locations : coordinates.flatMap(places),
  }));
}

/** Some problems come without a place, but with `"Type.field"` in what is said. */
function quotedIn(message: string): string[] {
  return [...new Set([...message.matchAll(/"(\w+\.\w+)"/g)].map(([, coordinate]) => coordinate ?? ''))];
}

function invalidBase(reason: string): GraphFinding {
  const message = `The graph that this is compared with is no supergraph; compare with another one. ${reason}`;
  return { area: 'composition', code: 'INVALID_BASE', severity: 'error', message, locations: [] };
}
