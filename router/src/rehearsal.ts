import type { ClientOperation, Variant } from './client-operations.ts';
import { planByVariant } from './plan-operations.ts';
import type { SubgraphSource } from './subgraph-source.ts';

/** Why a supergraph is not served; `mayPassLater` when the reason lies outside of it. */
export class SupergraphRefusal extends Error {
  override name = 'SupergraphRefusal';
  readonly mayPassLater: boolean;
  constructor(message: string, mayPassLater = false) {
    super(message);
    this.mayPassLater = mayPassLater;
  }
}

/** So many problems say what is wrong; the rest is counted. */
const maxToldProblems = 5;

/**
 * Plans every known operation of clients on the variant that it is for, so that no supergraph is served that one of them
 * does not work with.
 *
 * @throws SupergraphRefusal naming the operations; an error of Apollo's when the text is no valid supergraph
 */
export function planAll(
  supergraphs: Readonly<Record<Variant, string>>,
  operations: readonly ClientOperation[],
): void {
  const { problems } = planByVariant(supergraphs, operations);
  if (problems.length === 0) return;
  const told = problems
    .slice(0, maxToldProblems)
    .map(({ operation, message }) => `${operation.name}: ${message}`);
  const rest = problems.length - told.length;
  const more = rest > 0 ? ` (and ${rest} more)` : '';
  throw new SupergraphRefusal(`operations of clients do not work with it: ${told.join('; ')}${more}`);
}

/** Longer than a healthy subgraph ever takes for so little, short beside a polling interval. */
const healthDeadlineMs = 5_000;

/**
 * Asks each subgraph for the name of its query type.
 *
 * @throws SupergraphRefusal naming those that give no answer
 */
export async function askAll(subgraphs: ReadonlyMap<string, SubgraphSource>): Promise<void> {
  const asked = [...subgraphs].map(async ([name, source]) => ((await answers(source)) ? null : name));
  const silent = (await Promise.all(asked)).filter((name) => name !== null);
  if (silent.length === 0) return;
  throw new SupergraphRefusal(`subgraphs do not answer: ${silent.join(', ')}`, true);
}

async function answers(source: SubgraphSource): Promise<boolean> {
  const context = { credentials: {}, answerByMs: performance.now() + healthDeadlineMs };
  const request = { query: '{ __typename }' };
  try {
    // The kinds differ in what else the gateway's own sources are told; ours needs none of it.
    const { data } = await source.process({ request, context } as Parameters<typeof source.process>[0]);
    return typeof data?.__typename === 'string';
  } catch {
    return false;
  }
}
