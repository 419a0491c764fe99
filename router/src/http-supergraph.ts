import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { maxSupergraphBytes, type SupergraphSource } from './supergraph-source.ts';

export interface HttpSupergraphOptions {
  url: string;
  /** How long between two looks, more or less (see `jitter`). */
  pollMs: number;
  /** Sent as a bearer token. */
  token?: string | undefined;
  /** For one look, from connecting to the last byte; 10,000 unless given. */
  deadlineMs?: number;
}

/** Routers that were started together must not ask together for ever: each pause is up to a fifth shorter or longer. */
const jitter = 0.2;

/**
 * A supergraph at an http or https URL: asked for with the ETag of what was read last, so that a look that finds nothing
 * new costs next to nothing. Redirects are not followed: the token is for this server.
 */
export function createHttpSupergraph(options: HttpSupergraphOptions): SupergraphSource {
  const { pollMs, token, deadlineMs = 10_000 } = options;
  const url = new URL(options.url);
  const agent = new Agent({ connections: 1, maxResponseSize: maxSupergraphBytes });
  let last: { text: string; etag: string | null } | null = null;

  async function read(): Promise<string | null> {
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: {
        accept: 'text/plain, application/graphql, */*;q=0.1',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(last?.etag && { 'if-none-match': last.etag }),
      },
      signal: AbortSignal.timeout(deadlineMs),
    });
    const text = await body.text();
    if (statusCode === 304 && last) return null;
    if (statusCode !== 200) throw new Error(`${nameOf(url)} answers with the status ${statusCode}`);
    const isSame = last?.text === text;
    last = { text, etag: headers.etag?.toString() ?? null };
    return isSame ? null : text;
  }

  return {
    name: nameOf(url),
    read,
    async untilChange(signal) {
      const pauseMs = pollMs * (1 - jitter + 2 * jitter * Math.random());
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    },
    close: () => agent.destroy(),
  };
}

/** A query may hold a signature, the rest a password: neither is for logs. */
function nameOf({ origin, pathname }: URL): string {
  return origin + pathname;
}
