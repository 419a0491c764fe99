import type { GraphQLDataSource } from '@apollo/gateway';
import type { ErrorCode } from '@shop/contracts/errors';
import { shopError } from '@shop/shared/graphql/errors';
import type { Logger } from '@shop/shared/process/log';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { createAddresses } from './addresses.ts';
import { createEndpoints, type Endpoint } from './endpoints.ts';
import type { HealthChecks } from './health-checks.ts';
import type { SubgraphAnswer, SubgraphClient } from './subgraph-client.ts';

/** What the router knows of a client's request. */
export interface RouterContext {
  /** Exactly what is passed on to subgraphs. */
  credentials: Record<string, string>;
  /** By when (of `performance.now()`) its calls of subgraphs are over, however many follow one another. */
  answerByMs: number;
  /** What a subgraph has been asked for this request already, by single-fetches.ts. */
  early?: { subgraph: string; answer: Promise<Response> } | undefined;
}

export interface SubgraphSourceOptions {
  /** The subgraph's name in the supergraph. */
  name: string;
  /** Where its processes are, at least one; a host name may stand for several. */
  urls: readonly string[];
  client: SubgraphClient;
  healthChecks: HealthChecks;
  /** For a whole call, further attempts included. */
  deadlineMs: number;
  log: Logger;
}

type Process = GraphQLDataSource<RouterContext>['process'];
type Request = Parameters<Process>[0]['request'];
type Response = Awaited<ReturnType<Process>>;

/** What is asked of another path of a subgraph than that of its operations. */
export interface RelayedRequest {
  /** From the origin on, such as `/.well-known/jwks.json`. */
  path: string;
  headers: Record<string, string>;
  /** Of a POST; null is a GET. Either may be sent to another process once more. */
  body: string | null;
}

/** A subgraph as the gateway asks it. */
export interface SubgraphSource extends GraphQLDataSource<RouterContext> {
  /** What a process of it answered, or why none did. Rejects as `SubgraphClient.post`. */
  relay(request: RelayedRequest): Promise<SubgraphAnswer>;
  /** Nobody will ask it any more: its processes are not checked any longer. */
  stopWatching(): void;
}

/**
 * How the gateway asks one subgraph. Its processes take turns; one that cannot be reached is passed over, and a
 * query whose connection broke, or whose process fell silent, goes to the next process. A mutation that may have been
 * received is never sent again. A subgraph that gives no GraphQL answer is SERVICE_UNAVAILABLE.
 */
export function createSubgraphSource(options: SubgraphSourceOptions): SubgraphSource {
  const { name, urls, client, deadlineMs, log } = options;
  const nowMs = () => performance.now();
  const addresses = urls.map((url) => createAddresses(url, { nowMs }));
  const endpoints = createEndpoints(() => addresses.flatMap((current) => current()), nowMs);
  const stopWatching = options.healthChecks.watch(name, endpoints);

  function noteOutcome(endpoint: Endpoint, answer: SubgraphAnswer): void {
    if (answer.kind === 'unreachable' || answer.kind === 'interrupted') {
      const { message: reason } = answer.cause;
      if (endpoints.avoid(endpoint))
        log.warn({ subgraph: name, url: endpoint.url.href, reason }, 'subgraph lost');
    } else if (answer.kind === 'answered') {
      // An answer that is no 200 may have ended the connection for a reason of its own. The next check tells more.
      if (answer.isLast && answer.status === 200) endpoints.judge(endpoint, 'unready');
      if (endpoints.welcome(endpoint))
        log.info({ subgraph: name, url: endpoint.url.href }, 'subgraph found again');
    }
  }

  async function send(call: Call, mayRepeat: boolean, withinMs: number): Promise<SubgraphAnswer> {
    if (withinMs <= 0) return { kind: 'timeout' };
    const deadline = AbortSignal.timeout(withinMs);
    const order = endpoints.inTurn();
    const final = order.at(-1);
    let last: SubgraphAnswer = { kind: 'timeout' };
    for (const endpoint of order) {
      const mayMove = mayRepeat && endpoint !== final;
      last = await (mayMove ? movably(endpoint, deadline, call) : call(endpoint, deadline));
      noteOutcome(endpoint, last);
      if (last.kind === 'answered' || deadline.aborted) break;
      if (last.kind !== 'unreachable' && last.kind !== 'busy' && !mayRepeat) break;
    }
    return last;
  }

  return {
    stopWatching,
    relay: ({ path, headers, body }) => {
      const call: Call = ({ url }, signal) =>
        body === null
          ? client.get(new URL(path, url), headers, signal)
          : client.post(new URL(path, url), headers, body, signal);
      return send(call, true, deadlineMs);
    },
    async process({ request, context }) {
      const headers = {
        ...context.credentials,
        'content-type': 'application/json',
        accept: 'application/json',
      };
      const withinMs = Math.min(deadlineMs, Math.floor(context.answerByMs - nowMs()));
      const body = toBody(request);
      const post: Call = (endpoint, signal) => client.post(endpoint.url, headers, body, signal);
      const answer = await send(post, !isMutation(request), withinMs);
      if (answer.kind === 'answered') {
        const response = parseResponse(answer.body);
        const isStranger = answer.status === 401 && isForRouterOnly(response);
        if (response && !isStranger) return response;
        const { status } = answer;
        if (isStranger) log.error({ subgraph: name, status }, unknownToSubgraph);
        else log.error({ subgraph: name, status }, 'the answer of a subgraph is not GraphQL');
      }
      if (answer.kind === 'timeout')
        log.warn({ subgraph: name, withinMs }, 'a subgraph did not answer in time');
      throw unavailable(name);
    },
  };
}

type Call = (endpoint: Endpoint, signal: AbortSignal) => Promise<SubgraphAnswer>;

/** A call that ends as a timeout when its process falls silent, so that it can be made elsewhere. */
async function movably(endpoint: Endpoint, deadline: AbortSignal, call: Call): Promise<SubgraphAnswer> {
  const moving = new AbortController();
  endpoint.movable.add(moving);
  try {
    return await call(endpoint, AbortSignal.any([deadline, moving.signal]));
  } finally {
    endpoint.movable.delete(moving);
  }
}

const unknownToSubgraph =
  'a subgraph does not know this router: ROUTER_PRIVATE_KEY must belong to one of its ROUTER_PUBLIC_KEYS (or ROUTER_SECRET be the same), and the clocks be right';

function isForRouterOnly(response: Response | null): boolean {
  return response?.errors?.[0]?.extensions?.code === ('ROUTER_ONLY' satisfies ErrorCode);
}

function toBody({ query, operationName, variables }: Request): string {
  return JSON.stringify({ query, operationName, variables });
}

/** The gateway prints its operations, so a mutation begins with the word. */
function isMutation({ query }: Request): boolean {
  return query?.startsWith('mutation') ?? false;
}

function parseResponse(text: string): Response | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null) return null;
  const response: Response = {};
  if ('data' in body && typeof body.data === 'object') response.data = body.data;
  if ('errors' in body && Array.isArray(body.errors))
    response.errors = body.errors as GraphQLFormattedError[];
  return response.data === undefined && response.errors === undefined ? null : response;
}

function unavailable(subgraph: string): GraphQLError {
  const message = `The subgraph "${subgraph}" cannot be reached now: its fields are null. Try again in a few seconds.`;
  return shopError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 1 });
}
