/** What a request came to. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly text: string;
      readonly etag: string | null;
    }
  /** No answer in time, a broken connection, or a failure of the server: it may or may not have been done. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface Caller {
  addressOf(key: string): string;
  /** Sends one request and reads its answer; never rejects. */
  call(method: 'GET' | 'PUT', key: string, body?: Body): Promise<Answer>;
  /** The error for an answer that asking again does not change. */
  refused(method: string, key: string, status: number): Error;
}

interface Body {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An entry of a large graph is a few MiB. */
const maxAnswerBytes = 32 * 1024 * 1024;

/** Sends requests to keys below a base URL, each with a deadline and, if there is one, the token. */
export function createCaller({
  base,
  token,
  timeoutMs,
}: {
  base: URL;
  token: string | undefined;
  timeoutMs: number;
}): Caller {
  const addressOf = (key: string) => new URL(key, base).href;
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return {
    addressOf,
    async call(method, key, body) {
      // A proxy that compresses would make the ETag weak, one that caches would answer with what is over, and one that
      // redirects would get the token. S3 and its like keep the cache-control of a PUT for readers.
      const headers = {
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
        ...authorization,
        ...body?.headers,
      };
      const signal = AbortSignal.timeout(timeoutMs);
      const content = body
        ? { body: body.text, headers: { ...headers, 'content-type': contentType(key) } }
        : { headers };
      try {
        const response = await fetch(addressOf(key), { method, redirect: 'manual', signal, ...content });
        const { status } = response;
        const text = await readText(response);
        if (status >= 500 || status === 429 || status === 408)
          return { kind: 'failed', reason: `it answered ${status}` };
        return { kind: 'answered', status, text, etag: response.headers.get('etag') };
      } catch (error) {
        return { kind: 'failed', reason: describe(error, timeoutMs) };
      }
    },
    refused(method, key, status) {
      const hint = status === 401 || status === 403 ? ': is SUPERGRAPH_STORE_TOKEN right?' : '';
      return new Error(`${method} ${addressOf(key)} was answered with ${status}${hint}`);
    },
  };
}

const contentType = (key: string) =>
  key.endsWith('.json') ? 'application/json' : 'text/plain; charset=utf-8';

/** The whole body; rejects when it is longer than any that was written here. */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) throw new Error(`it is longer than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** fetch hides what went wrong in the cause. */
function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
