import type { AssertRouter } from '@shop/shared/identity/router-assertion';
import type { Logger } from '@shop/shared/process/log';
import { assertingClient } from './asserting-client.ts';
import type { ClientOperation } from './client-operations.ts';
import type { SubgraphUrls } from './config.ts';
import { fixedSupergraph } from './fixed-supergraph.ts';
import { followSupergraph, openFirstGraph } from './follow-supergraph.ts';
import { createGraphKeeper, type GraphKeeper } from './graph-keeper.ts';
import type { Access } from './graph-server.ts';
import { startHealthChecks } from './health-checks.ts';
import type { LastGood } from './last-good.ts';
import type { RouterMetrics } from './metrics.ts';
import { defaultLimits, limitsOfAdmin } from './operation-limits.ts';
import { planAll } from './rehearsal.ts';
import { openGraph, type ServedGraph } from './served-graph.ts';
import { createSubgraphClient } from './subgraph-client.ts';
import { createSubgraphPool } from './subgraph-pool.ts';
import type { SupergraphSource } from './supergraph-source.ts';

export interface ServedGraphsOptions {
  /** The composed supergraph, or where it comes from, and comes anew. It says where a subgraph is unless `subgraphUrls` does. */
  supergraph: string | SupergraphSource;
  /** Where the supergraph is kept for a restart without its source. */
  lastGood?: LastGood;
  /** No supergraph is served that one of these does not work with. */
  operations?: readonly ClientOperation[];
  /** By the subgraph's name; several URLs are several processes of it. */
  subgraphUrls?: SubgraphUrls;
  /** What subgraphs know the router by; without it those refuse it that are not open to all. */
  assertRouter?: AssertRouter | undefined;
  /** What is special about clients of the public graph. */
  publicAccess?: Access;
  log: Logger;
  /** How long a subgraph may take for an answer; 15,000 by default, since `placeOrder` may wait 10,000. */
  subgraphDeadlineMs?: number;
  /** How often the processes of a subgraph that has several are asked whether they are ready; 1,000 by default. */
  healthCheckEveryMs?: number;
}

export const defaultSubgraphDeadlineMs = 15_000;

/** Serves the graph of a supergraph, and the next when its source has another: everything behind the listener. */
export async function serveGraphs(
  options: ServedGraphsOptions,
  metrics: RouterMetrics,
): Promise<{ keeper: GraphKeeper; close(): Promise<void> }> {
  const { supergraph, lastGood = null, operations = [], publicAccess = {}, assertRouter, log } = options;
  const { subgraphUrls = {}, subgraphDeadlineMs: deadlineMs = defaultSubgraphDeadlineMs } = options;
  const source = typeof supergraph === 'string' ? fixedSupergraph(supergraph) : supergraph;
  const plain = createSubgraphClient();
  const client = assertRouter ? assertingClient(plain, assertRouter) : plain;
  const healthChecks = startHealthChecks({ log, everyMs: options.healthCheckEveryMs });
  const pool = createSubgraphPool({ subgraphUrls, client, healthChecks, deadlineMs, log });
  const { countRefused } = metrics;
  const limits = limitsOfAdmin(publicAccess.limits ?? defaultLimits);
  const access = { public: { ...publicAccess, countRefused }, internal: { limits, countRefused } };
  const open = async (supergraphSdl: string) =>
    planned(await openGraph({ supergraphSdl, pool, access, log }), operations);
  const closeRest = async () => {
    await healthChecks.stop();
    await client.close();
  };
  try {
    const first = await openFirstGraph({ source, lastGood, open, log });
    const keeper = await createGraphKeeper({ first, open, lastGood, metrics, log });
    const following = followSupergraph(source, keeper);
    const close = async () => {
      await Promise.all([following.stop(), keeper.close()]);
      await closeRest();
    };
    return { keeper, close };
  } catch (error) {
    await source.close();
    await closeRest();
    throw error;
  }
}

/** The graph, if every known operation can be planned on it; otherwise it is closed, and the reason thrown. */
async function planned(graph: ServedGraph, operations: readonly ClientOperation[]): Promise<ServedGraph> {
  try {
    planAll(graph.variants, operations);
    return graph;
  } catch (error) {
    await graph.close();
    throw error;
  }
}
