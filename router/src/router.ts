import type { IncomingMessage } from 'node:http';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { startHttpListener } from '@shop/shared/graphql/http-listener';
import type { Logger } from '@shop/shared/process/log';
import { keepApolloQuiet, type SubgraphUrls } from './config.ts';
import { createRouterFormatError, oneErrorPerSubgraph } from './errors.ts';
import { type HealthChecks, startHealthChecks } from './health-checks.ts';
import { refuseUnclearOperation } from './operation-choice.ts';
import { createSingleFetches } from './single-fetches.ts';
import { createSubgraphClient, type SubgraphClient } from './subgraph-client.ts';
import { createSubgraphSource, type RouterContext } from './subgraph-source.ts';

export interface RouterDependencies {
  /** The composed supergraph; it says where each subgraph is unless `subgraphUrls` does. */
  supergraphSdl: string;
  /** By the subgraph's name; several URLs are several processes of it. */
  subgraphUrls?: SubgraphUrls;
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

/** Serves the supergraph. Resolves when it accepts requests; needs no subgraph to be up. */
export async function createRouter(dependencies: RouterDependencies): Promise<Router> {
  const { host, port, log, maxRequests, requestDeadlineMs = defaultRequestDeadlineMs } = dependencies;
  const client = createSubgraphClient();
  const healthChecks = startHealthChecks({ log, everyMs: dependencies.healthCheckEveryMs });
  const apollo = createApolloServer(dependencies, client, healthChecks);
  await apollo.start().catch(async (error) => {
    await healthChecks.stop();
    throw error;
  });
  const checkReady = async () => {}; // A subgraph that is away costs its own fields, so it keeps nobody from the router.
  const stop = async () => {
    await apollo.stop();
    await healthChecks.stop();
    await client.close();
  };
  const listener = await startHttpListener<RouterContext>({
    host,
    port,
    log,
    apollo,
    createContext: async (request) =>
      contextOf(request, performance.now() + requestDeadlineMs - answerAheadMs),
    checkReady,
    deadlineMs: requestDeadlineMs,
    maxRequests,
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  let closing: Promise<void> | undefined;
  return {
    url: listener.url,
    close() {
      closing ??= listener.close(closeGraceMs).then(stop);
      return closing;
    },
  };
}

function createApolloServer(
  dependencies: RouterDependencies,
  client: SubgraphClient,
  healthChecks: HealthChecks,
): ApolloServer<RouterContext> {
  const {
    supergraphSdl,
    subgraphUrls = {},
    subgraphDeadlineMs = defaultSubgraphDeadlineMs,
    log,
  } = dependencies;
  keepApolloQuiet();
  const singleFetches = createSingleFetches();
  const gateway = new ApolloGateway({
    // The form whose `update` can later swap the supergraph of a running gateway.
    supergraphSdl: async () => ({ supergraphSdl }),
    buildService({ name, url = '' }) {
      const urls = subgraphUrls[name] ?? [url];
      const deadlineMs = subgraphDeadlineMs;
      const source = createSubgraphSource({ name, urls, client, healthChecks, deadlineMs, log });
      return singleFetches.withEarlyAnswers(name, source);
    },
    experimental_didResolveQueryPlan: singleFetches.notePlan,
    // Otherwise a header would show a query plan, with the names of subgraphs, to anyone.
    __exposeQueryPlanExperimental: false,
    logger: log,
  });
  return new ApolloServer<RouterContext>({
    gateway,
    formatError: createRouterFormatError(log),
    includeStacktraceInErrorResponses: false,
    introspection: true,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    plugins: [
      refuseUnclearOperation,
      oneErrorPerSubgraph,
      singleFetches.plugin,
      // The landing page would load scripts from elsewhere.
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    logger: log,
  });
}

function contextOf(request: IncomingMessage, answerByMs: number): RouterContext {
  const credentials: Record<string, string> = {};
  for (const name of ['authorization', 'x-api-key']) {
    const value = request.headers[name];
    if (typeof value === 'string') credentials[name] = value;
  }
  return { credentials, answerByMs };
}
