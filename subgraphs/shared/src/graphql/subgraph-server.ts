import type { IncomingMessage } from 'node:http';
import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode } from 'graphql';
import type { Authenticate } from '../identity/authenticate.ts';
import type { Caller } from '../identity/caller.ts';
import { clientAddressOf } from '../identity/client-address.ts';
import { routerAssertions, type VerifyRouter } from '../identity/router-assertion.ts';
import type { Logger } from '../process/log.ts';
import { createFormatError } from './errors.ts';
import { type HttpListener, type Route, startHttpListener } from './http-listener.ts';
import { guardInternalFields } from './internal-fields.ts';
import { mutateInTime, withTime } from './mutate-in-time.ts';
import { createSubgraphSchema, type Resolvers } from './subgraph-schema.ts';
import { type AnswerWhole, answerWholeOperations } from './whole-answers.ts';

export interface SubgraphServerOptions<Context extends BaseContext> {
  typeDefs: DocumentNode;
  resolvers: Resolvers;
  authenticate: Authenticate;
  /** As `SubgraphDependencies.verifyRouter`. */
  verifyRouter: VerifyRouter | 'off';
  /** Made once per request: the caller, where they are, and the loaders that live as long as the request. */
  createContext: (caller: Caller, clientAddress: string) => Context;
  /** Answers some operations without running them; without it each is run. */
  answerWhole?: AnswerWhole<Context>;
  checkReady: () => Promise<void>;
  /** Further paths, for anybody. */
  routes?: Record<string, Route>;
  /** Further paths, for the router. */
  guardedRoutes?: Record<string, Route>;
  host: string;
  port: number;
  log: Logger;
  /** As `HttpListenerOptions.maxRequests`. */
  maxRequests?: number | undefined;
  /** As `HttpListenerOptions.drainMs`. */
  drainMs?: number | undefined;
  /** As `HttpListenerOptions.deadlineMs`; `requestDeadlineMs` unless given. */
  deadlineMs?: number;
}

/** Below the 15 s that the router waits for a subgraph, and above the 10 s that `placeOrder` may wait. */
export const requestDeadlineMs = 14_000;

/**
 * The GraphQL server of every subgraph, built in this one place: @apollo/subgraph's schema behind Apollo Server
 * behind the HTTP listener. `close` lets running requests finish first.
 */
export async function startSubgraphServer<Context extends BaseContext>(
  options: SubgraphServerOptions<Context>,
): Promise<HttpListener> {
  const { deadlineMs = requestDeadlineMs, verifyRouter } = options;
  const resolvers = guardInternalFields(options.typeDefs, mutateInTime(options.resolvers));
  const apollo = new ApolloServer<Context>({
    schema: createSubgraphSchema(options.typeDefs, resolvers),
    formatError: createFormatError(options.log),
    includeStacktraceInErrorResponses: false,
    introspection: true,
    // Only the router calls here, and it does not send what a browser would.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // It wraps the resolver of every field for hints that nobody here gives or reads.
      ApolloServerPluginCacheControlDisabled(),
      ...(options.answerWhole ? [answerWholeOperations<Context>(options.answerWhole)] : []),
    ],
    logger: options.log,
  });
  await apollo.start();
  async function createContext(request: IncomingMessage) {
    const arrivedAtMs = performance.now();
    const caller = await options.authenticate(credentialsOf(request));
    const context = options.createContext(caller, clientAddressOf(request));
    return withTime(context, arrivedAtMs + deadlineMs);
  }
  const listener = await startHttpListener({
    ...options,
    deadlineMs,
    ...(verifyRouter !== 'off' && {
      mayAsk: ({ headers }: IncomingMessage) => verifyRouter(assertionOf(headers)),
    }),
    operations: {
      '/graphql': (httpGraphQLRequest, incoming) =>
        apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: () => createContext(incoming) }),
    },
    async checkReady() {
      await options.checkReady();
      return undefined;
    },
  });
  return {
    url: listener.url,
    async close(graceMs) {
      await listener.close(graceMs);
      await apollo.stop();
    },
  };
}

/** Node joins a header that comes twice, which makes it none. */
function assertionOf(headers: IncomingMessage['headers']): string | undefined {
  const assertion = headers[routerAssertions.header];
  return Array.isArray(assertion) ? assertion.join() : assertion;
}

function credentialsOf(request: IncomingMessage) {
  const apiKey = request.headers['x-api-key'];
  return { authorization: request.headers.authorization, apiKey: Array.isArray(apiKey) ? apiKey[0] : apiKey };
}
