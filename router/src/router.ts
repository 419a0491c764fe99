import type { IncomingMessage } from 'node:http';
import type { ExecuteOperation } from '@shop/shared/graphql/graphql-over-http';
import { type HttpListener, type Route, startHttpListener } from '@shop/shared/graphql/http-listener';
import { clientAddressHeader } from '@shop/shared/identity/client-address';
import { authenticateByRelay } from './authenticate-by-relay.ts';
import type { Variant } from './client-operations.ts';
import type { GraphKeeper } from './graph-keeper.ts';
import { createRefuseInternal } from './internal-access.ts';
import { createRouterMetrics, type RouterMetrics } from './metrics.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { createResponseHeaders } from './response-headers.ts';
import { type ServedGraphsOptions, serveGraphs } from './serve-graphs.ts';
import type { SubgraphSource } from './subgraph-source.ts';
import { type IsTrustedProxy, originOf, trustNobody } from './trusted-proxies.ts';

export interface RouterDependencies extends ServedGraphsOptions {
  /** The admin's key, which opens /internal/graphql; without it that path is not there. */
  apiSecret?: string | undefined;
  /** The origin by which clients know this router; by default where it listens. */
  publicUrl?: string | undefined;
  /** Whose X-Forwarded-For is believed; nobody's by default. */
  trustedProxies?: IsTrustedProxy | undefined;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** How long a client waits at most; 30,000 by default. */
  requestDeadlineMs?: number;
  /** How many operations this process works on at once; 1,000 by default. */
  maxRequests?: number;
}

export interface Router {
  /** The origin, such as http://127.0.0.1:4000; operations go to /graphql. */
  url: string;
  /** Stops accepting, lets running requests finish for at most 4 s, then cuts the rest. Idempotent. */
  close(): Promise<void>;
}

const closeGraceMs = 4_000;

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
