import type { IncomingMessage } from 'node:http';
import type { ExecuteOperation } from '@shop/shared/graphql/graphql-over-http';
import { type HttpListener, type Route, startHttpListener } from '@shop/shared/graphql/http-listener';
import { clientAddressHeader } from '@shop/shared/identity/client-address';
import type { AssertRouter } from '@shop/shared/identity/router-assertion';
import type { Logger } from '@shop/shared/process/log';
import { assertingClient } from './asserting-client.ts';
import { authenticateByRelay } from './authenticate-by-relay.ts';
import type { ClientOperation, Variant } from './client-operations.ts';
import type { SubgraphUrls } from './config.ts';
import { fixedSupergraph } from './fixed-supergraph.ts';
import { followSupergraph, openFirstGraph } from './follow-supergraph.ts';
import { createGraphKeeper, type GraphKeeper } from './graph-keeper.ts';
import type { Access } from './graph-server.ts';
import { startHealthChecks } from './health-checks.ts';
import { createRefuseInternal } from './internal-access.ts';
import type { LastGood } from './last-good.ts';
import { createRouterMetrics, type RouterMetrics } from './metrics.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { defaultLimits, limitsOfAdmin } from './operation-limits.ts';
import { planAll } from './rehearsal.ts';
import { createResponseHeaders } from './response-headers.ts';
import { openGraph } from './served-graph.ts';
import { createSubgraphClient } from './subgraph-client.ts';
import { createSubgraphPool } from './subgraph-pool.ts';
import type { SubgraphSource } from './subgraph-source.ts';
import type { SupergraphSource } from './supergraph-source.ts';
import { type IsTrustedProxy, originOf, trustNobody } from './trusted-proxies.ts';

export interface RouterDependencies {
  /** The composed supergraph, or where it comes from, and comes anew. It says where a subgraph is unless `subgraphUrls` does. */
  supergraph: string | SupergraphSource;
  /** Where the supergraph is kept for a restart without its source. */
  lastGood?: LastGood;
  /** No supergraph is served that one of these does not work with. */
  operations?: readonly ClientOperation[];
  /** By the subgraph's name; several URLs are several processes of it. */
  subgraphUrls?: SubgraphUrls;
  /** The admin's key, which opens /internal/graphql; without it that path is not there. */
  apiSecret?: string | undefined;
  /** The origin by which clients know this router; by default where it listens. */
  publicUrl?: string | undefined;
  /** What subgraphs know the router by; without it those refuse it that are not open to all. */
  assertRouter?: AssertRouter | undefined;
  /** Whose X-Forwarded-For is believed; nobody's by default. */
  trustedProxies?: IsTrustedProxy | undefined;
  /** What is special about clients of the public graph. */
  publicAccess?: Access;
  host: string;
  /** 0 takes any free port. */
  port: number;
  log: Logger;
  /** How long a subgraph may take for an answer; 15,000 by default, since `placeOrder` may wait 10,000. */
  subgraphDeadlineMs?: number;
  /** How long a client waits at most; 30,000 by default. */
  requestDeadlineMs?: number;
  /** How many operations this process works on at once; 1,000 by default. */
  maxRequests?: number;
  /** How often the processes of a subgraph that has several are asked whether they are ready; 1,000 by default. */
  healthCheckEveryMs?: number;
}

export interface Router {
  /** The origin, such as http://127.0.0.1:4000; operations go to /graphql. */
  url: string;
  /** Stops accepting, lets running requests finish for at most 4 s, then cuts the rest. Idempotent. */
  close(): Promise<void>;
}

const closeGraceMs = 4_000;

export const defaultSubgraphDeadlineMs = 15_000;
export const defaultRequestDeadlineMs = 30_000;

/** Before a client's time is up its subgraphs' is, so that what the others answered can still be answered. */
export const answerAheadMs = 1_000;

/**
 * Serves the supergraph, and the next when its source has another: requests that run finish on the one before. Resolves
 * when it accepts requests; needs no subgraph to be up.
 */
export async function createRouter(dependencies: RouterDependencies): Promise<Router> {
  const { host, port, log, maxRequests, requestDeadlineMs = defaultRequestDeadlineMs } = dependencies;
  const metrics = createRouterMetrics(dependencies.publicAccess?.metrics);
  const { keeper, close: closeGraphs } = await serveGraphs(dependencies, metrics);
  const listener: HttpListener = await startHttpListener({
    host,
    port,
    log,
    operations: operationsOf(keeper, dependencies, requestDeadlineMs),
    // A subgraph that is away costs its own fields, so it keeps nobody from the router.
    checkReady: async () => ({ supergraph: keeper.status() }),
    deadlineMs: requestDeadlineMs,
    maxRequests,
    routes: {
      '/metrics': answerMetrics(metrics),
      ...oauthRoutes({
        users: () => usersOf(keeper),
        publicUrl: () => dependencies.publicUrl ?? listener.url,
        originHeaders: (request) => originHeaders(request, dependencies.trustedProxies ?? trustNobody),
        log,
      }),
    },
    onRequest: createResponseHeaders(dependencies.publicAccess?.corsOrigins ?? []),
  }).catch(async (error) => {
    await closeGraphs();
    throw error;
  });
  let closing: Promise<void> | undefined;
  return {
    url: listener.url,
    close() {
      closing ??= listener.close(closeGraceMs).then(closeGraphs);
      return closing;
    },
  };
}

/** Everything behind the listener. */
async function serveGraphs(
  dependencies: RouterDependencies,
  metrics: RouterMetrics,
): Promise<{ keeper: GraphKeeper; close(): Promise<void> }> {
  const { supergraph, lastGood = null, operations = [], publicAccess = {}, log } = dependencies;
  const { subgraphUrls = {}, subgraphDeadlineMs: deadlineMs = defaultSubgraphDeadlineMs } = dependencies;
  const source = typeof supergraph === 'string' ? fixedSupergraph(supergraph) : supergraph;
  const { assertRouter } = dependencies;
  const plain = createSubgraphClient();
  const client = assertRouter ? assertingClient(plain, assertRouter) : plain;
  const healthChecks = startHealthChecks({ log, everyMs: dependencies.healthCheckEveryMs });
  const pool = createSubgraphPool({ subgraphUrls, client, healthChecks, deadlineMs, log });
  const { countRefused } = metrics;
  const limits = limitsOfAdmin(publicAccess.limits ?? defaultLimits);
  const access = { public: { ...publicAccess, countRefused }, internal: { limits, countRefused } };
  const open = (supergraphSdl: string) => openGraph({ supergraphSdl, pool, access, log });
  const openProved = async (supergraphSdl: string) => {
    planAll(supergraphSdl, operations);
    return open(supergraphSdl);
  };
  const closeRest = async () => {
    await healthChecks.stop();
    await client.close();
  };
  try {
    const first = await openFirstGraph({ source, lastGood, open: openProved, log });
    const keeper = await createGraphKeeper({ first, open, operations, lastGood, metrics, log });
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

function operationsOf(
  keeper: GraphKeeper,
  { apiSecret, trustedProxies = trustNobody }: RouterDependencies,
  requestDeadlineMs: number,
): Record<string, ExecuteOperation> {
  const executeOn =
    (variant: Variant): ExecuteOperation =>
    (request, incoming) => {
      const answerByMs = performance.now() + requestDeadlineMs - answerAheadMs;
      return keeper.current().execute(variant, request, async () => ({
        credentials: headersFor(incoming, trustedProxies),
        answerByMs,
      }));
    };
  if (apiSecret === undefined) return { '/graphql': executeOn('public') };
  const refuse = createRefuseInternal(authenticateByRelay({ apiSecret, users: () => usersOf(keeper) }));
  const internal = executeOn('internal');
  return {
    '/graphql': executeOn('public'),
    '/internal/graphql': async (request, incoming) => (await refuse(incoming)) ?? internal(request, incoming),
  };
}

/** Who issues access tokens. */
function usersOf(keeper: GraphKeeper): SubgraphSource | undefined {
  return keeper.current().subgraphs.get('users');
}

function answerMetrics(metrics: RouterMetrics): Route {
  return async (_, response) => {
    response.writeHead(200, { 'content-type': metrics.contentType });
    response.end(await metrics.text());
  };
}

/** What subgraphs are told of a client: none but these of its headers, and where it is as the router sees it. */
function headersFor(request: IncomingMessage, isTrusted: IsTrustedProxy): Record<string, string> {
  const headers = originHeaders(request, isTrusted);
  for (const name of ['authorization', 'x-api-key']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

function originHeaders(request: IncomingMessage, isTrusted: IsTrustedProxy): Record<string, string> {
  return { [clientAddressHeader]: originOf(request, isTrusted) };
}
