import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@shop/shared/process/log';
import type { Metric } from 'prom-client';
import { keepApolloQuiet } from './config.ts';
import { createRouterFormatError, oneErrorPerSubgraph } from './errors.ts';
import { hidingTheSchema } from './hidden-schema.ts';
import { createOperationLimits } from './limit-operations.ts';
import { refuseUnclearOperation } from './operation-choice.ts';
import { defaultLimits, type LimitCode, type OperationLimits } from './operation-limits.ts';
import { answerRefusals } from './refused-request.ts';
import { createSingleFetches } from './single-fetches.ts';
import type { RouterContext, SubgraphSource } from './subgraph-source.ts';

/** What a client may do on this path that it may not on another. */
export interface Access {
  plugins?: readonly ApolloServerPlugin<RouterContext>[];
  persistedQueries?: ApolloServerOptions<RouterContext>['persistedQueries'];
  /** How much one operation may ask for; `defaultLimits` unless given. */
  limits?: OperationLimits;
  /** Told of each operation that asked for more. */
  countRefused?: (code: LimitCode) => void;
  /** Whether the graph tells of itself, by introspection and by suggestions in errors; it does unless this is false. */
  introspection?: boolean;
  /** Origins whose pages may ask from a browser. */
  corsOrigins?: readonly string[];
  /** What `/metrics` shows of it besides. */
  metrics?: readonly Metric[];
}

export interface GraphServerOptions {
  supergraphSdl: string;
  /** How to ask a subgraph, by its name and its URL in the supergraph. */
  sourceOf: (name: string, url: string) => SubgraphSource;
  access: Access;
  log: Logger;
}

/**
 * Apollo Server over Apollo's gateway for one supergraph, which never changes: another one gets another server, so that
 * an operation is parsed, planned and executed on one and the same graph.
 *
 * @throws an error of Apollo's when the text is no valid supergraph
 */
export async function startGraphServer(options: GraphServerOptions): Promise<ApolloServer<RouterContext>> {
  const { supergraphSdl, sourceOf, access, log } = options;
  const { limits = defaultLimits, introspection = true } = access;
  keepApolloQuiet();
  const singleFetches = createSingleFetches();
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url = '' }) => singleFetches.withEarlyAnswers(name, sourceOf(name, url)),
    experimental_didResolveQueryPlan: singleFetches.notePlan,
    // Otherwise a header would show a query plan, with the names of subgraphs, to anyone.
    __exposeQueryPlanExperimental: false,
    logger: log,
  });
  const formatError = createRouterFormatError(log);
  const server = new ApolloServer<RouterContext>({
    gateway,
    formatError: introspection ? formatError : hidingTheSchema(formatError),
    includeStacktraceInErrorResponses: false,
    introspection,
    // A text that is asked for by its hash is parsed without having been looked through.
    parseOptions: { maxTokens: limits.tokens },
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    ...(access.persistedQueries !== undefined && { persistedQueries: access.persistedQueries }),
    plugins: [
      createOperationLimits(limits, access.countRefused),
      answerRefusals,
      ...(access.plugins ?? []),
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
  await server.start();
  return server;
}
