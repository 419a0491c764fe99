import type { IncomingHttpHeaders } from 'node:http';
import { Agent } from 'undici';

export type SubgraphAnswer =
  /** `isLast`: the other side ends the connection with this answer, as a process that begins to close does. */
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: string; isLast: boolean }
  /** No connection was made: nobody received the request. */
  | { kind: 'unreachable'; cause: Error }
  /** So many calls of this process wait for their answer that no further one was made. */
  | { kind: 'busy' }
  /** The connection was lost before the answer was complete: the request may have been received. */
  | { kind: 'interrupted'; cause: Error }
  | { kind: 'timeout' };

/** Calls subgraphs over kept-alive connections. */
export interface SubgraphClient {
  /** Rejects when the answer is larger than the bound, since nobody can do anything about that. */
  post(url: URL, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<SubgraphAnswer>;
  /** As `post`. */
  get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<SubgraphAnswer>;
  /** Closes idle connections and cuts the others. */
  close(): Promise<void>;
}

/**
 * To one process, each on a connection of its own. Three quarters of what a router works on at once: a process that
 * hangs leaves room for operations that do not need it. An order that waits for its decision is a call of up to 10 s.
 */
export const maxCallsPerProcess = 750;

/** 250 products with 250 images each come to some 10 MB. */
const maxResponseBytes = 32 * 1024 * 1024;

export const connectTimeoutMs = 2_000;

/** Below the 75 s after which a subgraph closes an idle connection, so that no request meets a closing one. */
const idleConnectionMs = 30_000;

const connectFailures = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const interruptions = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** One for all subgraphs; each process of one has its own connections. */
export function createSubgraphClient(maxCalls = maxCallsPerProcess): SubgraphClient {
  const agent = new Agent({
    connections: maxCalls,
    maxResponseSize: maxResponseBytes,
    keepAliveTimeout: idleConnectionMs,
    keepAliveMaxTimeout: idleConnectionMs,
    connect: { timeout: connectTimeoutMs },
    // The caller's signal is the deadline of the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const calls = new Map<string, number>();
  async function request(
    url: URL,
    options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
    signal: AbortSignal,
  ): Promise<SubgraphAnswer> {
    const { origin, pathname, search } = url;
    const running = calls.get(origin) ?? 0;
    if (running >= maxCalls) return { kind: 'busy' };
    calls.set(origin, running + 1);
    try {
      const answer = await agent.request({ origin, path: pathname + search, ...options, signal });
      const { statusCode: status, headers } = answer;
      const isLast = headers.connection?.toString().toLowerCase() === 'close';
      return { kind: 'answered', status, headers, body: await answer.body.text(), isLast };
    } catch (error) {
      if (signal.aborted) return { kind: 'timeout' };
      if (!(error instanceof Error)) throw error;
      const code = codeOf(error);
      if (connectFailures.has(code) || isOfConnecting(error)) return { kind: 'unreachable', cause: error };
      if (interruptions.has(code)) return { kind: 'interrupted', cause: error };
      throw error;
    } finally {
      const left = calls.get(origin)! - 1;
      if (left > 0) calls.set(origin, left);
      else calls.delete(origin);
    }
  }
  return {
    post: (url, headers, body, signal) => request(url, { method: 'POST', headers, body }, signal),
    get: (url, headers, signal) => request(url, { method: 'GET', headers }, signal),
    close: () => agent.destroy(),
  };
}

/** Whatever the code: a process that stops listening resets the connections that it had not yet taken. */
function isOfConnecting(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'connect';
}

/** Node tries every address of a name and then reports all failures in one AggregateError, with a code of its own. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
