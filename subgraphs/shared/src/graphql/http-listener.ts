import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../process/log.ts';
import { type Admission, createAdmission } from './admission.ts';
import { answerGraphql, type ExecuteOperation, type GraphqlOptions } from './graphql-over-http.ts';
import { refuseForNow, refuseStranger } from './refusals.ts';
import { placesFor } from './request-size.ts';

/** Answers one path; the listener deals with errors and with shutting down. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpListenerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  log: Logger;
  /** Runs the operations that come to a path, such as `/graphql`; all paths share the places for operations. */
  operations: Record<string, ExecuteOperation>;
  /** Whether a request for an operation, or for one of `guardedRoutes`, is answered at all; without it any is. Asked first. */
  mayAsk?: (request: IncomingMessage) => Promise<boolean>;
  /** Rejects, with the reason, while this process should get no traffic; may answer what else `/readyz` is to say. */
  checkReady: () => Promise<Record<string, unknown> | undefined>;
  /** An operation that takes longer is answered SERVICE_UNAVAILABLE: below what whoever asks waits for. */
  deadlineMs: number;
  /** How many operations this process works on at once, `defaultMaxRequests` unless given; more are refused. */
  maxRequests?: number | undefined;
  /**
   * How long it goes on taking requests when it begins to close, with every answer ending its connection, so that
   * who asks can turn elsewhere before a connection is cut from this side; 0 unless given.
   */
  drainMs?: number | undefined;
  /** Further paths, such as `/.well-known/jwks.json`. */
  routes?: Record<string, Route>;
  /** As `routes`, for those who may ask. */
  guardedRoutes?: Record<string, Route>;
  /** Told of every request first, for what holds for all answers; true when it has answered. */
  onRequest?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

export interface HttpListener {
  /** The origin, such as http://127.0.0.1:4001. */
  url: string;
  /** Drains, stops accepting, lets running requests finish, and after `graceMs` in all cuts the rest. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

/**
 * A process answers some hundreds of operations a second, so the last one that gets a place is answered after a
 * few seconds, well before its deadline; a queue any longer would only be worked on for clients that have gone.
 */
export const defaultMaxRequests = 1_000;

/** Those whose requests are refused keep their connections; past this, connections are closed unanswered. */
const maxConnections = 10_000;

/** A request that has not arrived completely after this time is 408: a slow sender does not keep its place. */
export const receiveWithinMs = 10_000;

/** A connection on which nothing moves, such as a client's that does not read its answer. Above every deadline. */
export const maxSilenceMs = 60_000;

/**
 * Serves operations, `/livez` (the process runs), `/readyz` (it should get traffic) and the routes given. Only
 * operations are refused when there is too much to do.
 */
export async function startHttpListener(options: HttpListenerOptions): Promise<HttpListener> {
  const state = { isClosing: false };
  const routes = new Map<string, Route>(Object.entries(options.routes ?? {}));
  const guarded = new Map<string, Route>(Object.entries(options.guardedRoutes ?? {}));
  const { maxRequests = defaultMaxRequests, log, deadlineMs, mayAsk } = options;
  const admission = createAdmission({ maxPlaces: maxRequests, log });
  for (const [path, execute] of Object.entries(options.operations)) {
    guarded.set(path, answerWhileThereIsRoom(admission, { execute, deadlineMs }));
  }
  for (const [path, route] of guarded) routes.set(path, mayAsk ? answerThoseWhoMayAsk(mayAsk, route) : route);
  routes.set('/livez', (_, response) => sendJson(response, 200, { status: 'ok' }));
  routes.set('/readyz', (_, response) => answerReadiness(response, options, state));
  const limits = { requestTimeout: receiveWithinMs, connectionsCheckingInterval: 1_000 };
  const server = createServer(limits, async (request, response) => {
    if (state.isClosing) response.setHeader('connection', 'close');
    // A request that was running when closing began leaves its kept-alive connection idle.
    response.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()));
    if (options.onRequest?.(request, response)) return;
    const route = routes.get(pathOf(request));
    if (!route) return sendJson(response, 404, { error: 'not found: POST GraphQL operations to /graphql' });
    try {
      await route(request, response);
    } catch (error) {
      if (request.readableAborted) return options.log.debug({ path: pathOf(request) }, 'a client hung up');
      options.log.error({ err: error, path: pathOf(request) }, 'a request failed');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'internal server error' });
    }
  });
  // Longer than any usual proxy or client pool keeps an idle connection, so that we are not the one to cut it.
  server.keepAliveTimeout = 75_000;
  server.maxConnections = maxConnections;
  server.setTimeout(maxSilenceMs);
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    close(graceMs = 3_000) {
      state.isClosing = true;
      closing ??= closeServer(server, graceMs, Math.min(options.drainMs ?? 0, graceMs));
      return closing;
    },
  };
}

/** A stranger takes no place from anybody, and no byte of its body is read. */
function answerThoseWhoMayAsk(mayAsk: (request: IncomingMessage) => Promise<boolean>, answer: Route): Route {
  return async (request, response) => {
    if (await mayAsk(request)) return answer(request, response);
    refuseStranger(request, response);
  };
}

/** A place is given back when the work is done and the answer is out, even if the client has gone long before. */
function answerWhileThereIsRoom(admission: Admission, options: GraphqlOptions): Route {
  return async (request, response) => {
    const admitted = admission.enter(placesFor(request));
    if (!admitted) return refuseForNow(request, response, 'The shop has too much to do right now.');
    try {
      await answerGraphql(options, request, response);
    } finally {
      if (response.closed) admitted.leave();
      else response.once('close', admitted.leave);
    }
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

async function answerReadiness(
  response: ServerResponse,
  options: Pick<HttpListenerOptions, 'checkReady'>,
  state: { isClosing: boolean },
): Promise<void> {
  if (state.isClosing) return sendJson(response, 503, { status: 'closing' });
  try {
    const details = await options.checkReady();
    sendJson(response, 200, { status: 'ready', ...details });
  } catch (error) {
    sendJson(response, 503, {
      status: 'not ready',
      reason: error instanceof Error ? error.message : 'unknown',
    });
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port} on ${host} is in use: set PORT to another one.`) : error);
    });
    server.listen(port, host, resolve);
  });
}

async function closeServer(server: Server, graceMs: number, drainMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  if (drainMs > 0) await sleep(drainMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
