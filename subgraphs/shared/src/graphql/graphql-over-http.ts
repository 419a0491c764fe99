import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from '@apollo/server';
import { refuse, refuseForNow } from './refusals.ts';
import { maxBodyBytes } from './request-size.ts';

/** Runs the operation of a request, as Apollo Server's `executeHTTPGraphQLRequest` does; `incoming` is for the context. */
export type ExecuteOperation = (
  request: HTTPGraphQLRequest,
  incoming: IncomingMessage,
) => Promise<HTTPGraphQLResponse>;

export interface GraphqlOptions {
  execute: ExecuteOperation;
  deadlineMs: number;
}

/**
 * Answers one GraphQL request over HTTP. A body over 1 MiB is 413, one that says it is
 * something else than plain JSON 415, one that is not JSON 400. After `deadlineMs` the answer is
 * SERVICE_UNAVAILABLE. Resolves when nothing is being done for the request any more.
 */
export async function answerGraphql(
  options: GraphqlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const deadline = setTimeout(
    () => refuseForNow(request, response, 'The shop could not answer in time.'),
    options.deadlineMs,
  );
  try {
    await answer(options, request, response);
  } finally {
    clearTimeout(deadline);
  }
}

async function answer(
  options: GraphqlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body =
    request.method === 'POST' ? await readJson(request) : { kind: 'json' as const, value: undefined };
  if (response.headersSent) return;
  if (body.kind === 'refused') return refuse(response, body);
  const {
    headers,
    status,
    body: answer,
  } = await options.execute(
    {
      method: (request.method ?? 'GET').toUpperCase(),
      headers: toHeaderMap(request),
      search: new URL(request.url ?? '/', 'http://localhost').search,
      body: body.value,
    },
    request,
  );
  if (response.headersSent) return;
  response.writeHead(status ?? 200, Object.fromEntries(headers));
  if (answer.kind === 'complete') {
    response.end(answer.string);
    return;
  }
  for await (const chunk of answer.asyncIterator) response.write(chunk);
  response.end();
}

type JsonBody = { kind: 'json'; value: unknown } | { kind: 'refused'; status: number; message: string };

async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) {
      return {
        kind: 'refused',
        status: 413,
        message: `The request body is larger than ${maxBodyBytes} bytes.`,
      };
    }
    chunks.push(chunk);
  }
  // Only now: a client that is cut off while it sends never reads the answer.
  const unsupported = whyUnsupported(request);
  if (unsupported) return { kind: 'refused', status: 415, message: unsupported };
  try {
    return {
      kind: 'json',
      value: length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8')),
    };
  } catch {
    return { kind: 'refused', status: 400, message: 'The request body is not JSON.' };
  }
}

/** Why the body is not taken for JSON, by its headers; one without a content-type is left to Apollo Server to judge. */
function whyUnsupported({ headers }: IncomingMessage): string | null {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1];
  const isJson = type === undefined || /^application\/([\w.-]+\+)?json$/.test(type);
  if (!isJson) return 'Send the operation as JSON: content-type: application/json.';
  if (charset && charset.toLowerCase() !== 'utf-8') return 'Send the request body in UTF-8.';
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding && encoding !== 'identity') return 'Send the request body without a content-encoding.';
  return null;
}

function toHeaderMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
