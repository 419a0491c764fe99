import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What befalls a request: the server fails or falls silent before it does it, or after. */
export type Fault =
  | 'fail-before'
  | 'fail-after'
  | 'lose-before'
  | 'lose-after'
  | 'hang-before'
  | 'hang-after'
  | { status: number };

/** A server of objects that understands GET and conditional PUT as S3 does; a stand-in that runs on loopback. */
export interface ObjectServer {
  /** The URL below which objects lie. */
  readonly url: string;
  readonly objects: Map<string, string>;
  /** What was asked for, as `PUT bucket/key`. */
  readonly requests: string[];
  /** The next requests of this method meet these, one each. */
  befall(method: 'GET' | 'PUT', ...faults: (Fault | null)[]): void;
  /** Forgets the faults to come. */
  recover(): void;
  close(): Promise<void>;
}

export interface ObjectServerOptions {
  /** Requests without it are answered 401. */
  token?: string;
  /** Conditions that a careless server does not look at. */
  ignores?: ('if-match' | 'if-none-match')[];
  etagOf?: (text: string) => string | undefined;
}

const md5 = (text: string) => `"${createHash('md5').update(text).digest('hex')}"`;

/** Starts one on a port of its own; whoever starts it closes it. */
export async function startObjectServer(options: ObjectServerOptions = {}): Promise<ObjectServer> {
  const { etagOf = md5 } = options;
  const objects = new Map<string, string>();
  const requests: string[] = [];
  const faults: Record<string, (Fault | null)[]> = { GET: [], PUT: [] };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const key = (request.url ?? '').slice(1);
    requests.push(`${request.method} ${key}`);
    const fault = faults[request.method ?? '']?.shift() ?? null;
    if (fault !== null && typeof fault === 'object') return send(response, fault, etagOf);
    if (fault?.endsWith('before')) return suffer(response, fault);
    const reply = answer(request, { key, text }, objects, { ...options, etagOf });
    if (fault) suffer(response, fault);
    else send(response, reply, etagOf);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/shop/`,
    objects,
    requests,
    befall: (method, ...more) => faults[method]?.push(...more),
    recover() {
      for (const each of Object.values(faults)) each.length = 0;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Does what is asked; in one step, so that a condition holds when the object is replaced. */
function answer(
  { method, headers }: IncomingMessage,
  { key, text }: { key: string; text: string },
  objects: Map<string, string>,
  { token, ignores = [], etagOf = md5 }: ObjectServerOptions,
): Reply {
  if (token && headers.authorization !== `Bearer ${token}`) return { status: 401 };
  const stored = objects.get(key);
  if (method === 'GET') return stored === undefined ? { status: 404 } : { status: 200, text: stored };
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && !ignores.includes('if-match')) {
    if (stored === undefined) return { status: 404 };
    if (match !== etagOf(stored)) return { status: 412 };
  }
  if (noneMatch === '*' && stored !== undefined && !ignores.includes('if-none-match')) return { status: 412 };
  objects.set(key, text);
  return { status: 200 };
}

interface Reply {
  status: number;
  text?: string;
}

function send(
  response: ServerResponse,
  { status, text }: Reply,
  etagOf: (text: string) => string | undefined,
): void {
  const etag = text === undefined ? undefined : etagOf(text);
  response.writeHead(status, etag === undefined ? {} : { etag });
  response.end(text);
}

/** A hanging request is ended by its client, or when the server closes. */
function suffer(response: ServerResponse, fault: string): void {
  if (fault.startsWith('fail')) response.writeHead(500).end();
  else if (fault.startsWith('lose')) response.destroy();
}
