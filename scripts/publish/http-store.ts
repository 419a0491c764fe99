import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@shop/shared/unavailable';
import { type Answer, type Caller, createCaller } from './http-call.ts';
import type { Store, StoredText } from './store.ts';

export interface HttpStoreOptions {
  /** Sent as a bearer token with each request. */
  readonly token?: string | undefined;
  /** Each request ends by then. Default: 10 s. */
  readonly timeoutMs?: number;
  /** How often something is tried before the store counts as unavailable. Default: 4. */
  readonly tries?: number;
  /** The longest pause after the first try; it doubles from one to the next. Default: 250 ms. */
  readonly pauseMs?: number;
}

/**
 * A store behind HTTP: GET answers with a strong ETag, PUT honours If-Match and If-None-Match, as S3 and its like do
 * (docs.aws.amazon.com, "conditional writes").
 *
 * A PUT whose answer is lost, or that fails in the server, may have been done: reading back tells. It is sent again while
 * the version is still the expected one, so that however often it arrives it is done once at most.
 *
 * @throws Error when the URL holds credentials, a query or a fragment, which would end up in messages, or when no header
 *   can hold the token
 */
export function openHttpStore(url: string, options: HttpStoreOptions = {}): Store {
  const base = baseOf(url);
  const { token, timeoutMs = 10_000, tries = 4, pauseMs = 250 } = options;
  // fetch would repeat it in its message.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new Error(
      'The token of the store is empty, or holds a space, a line break or a letter outside ASCII.',
    );
  const server: Server = {
    ...createCaller({ base, token, timeoutMs }),
    tries,
    pause: (attempt) => (attempt === 0 ? undefined : sleep(Math.random() * pauseMs * 2 ** (attempt - 1))),
  };
  let isProven = false;
  return {
    address: base.href,
    read: (key) => read(server, key),
    async write(key, text, expectedVersion) {
      if (!isProven) await proveConditions(server);
      isProven = true;
      return write(server, key, text, expectedVersion);
    },
  };
}

interface Server extends Caller {
  readonly tries: number;
  /** Before each try; none before the first, 0. */
  pause(attempt: number): Promise<void> | undefined;
}

function baseOf(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new Error('The URL of the store is no URL.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Error('The URL of the store takes no user, password, query or fragment.');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

async function read(server: Server, key: string): Promise<StoredText | null> {
  let reason = '';
  for (let attempt = 0; attempt < server.tries; attempt += 1) {
    await server.pause(attempt);
    const answer = await server.call('GET', key);
    if (answer.kind === 'failed') reason = answer.reason;
    else if (answer.status === 404) return null;
    else if (answer.status === 200) return { text: answer.text, version: versionOf(answer, server, key) };
    else throw server.refused('GET', key, answer.status);
  }
  throw new UnavailableError(`GET ${server.addressOf(key)}: ${reason} (${server.tries} tries)`);
}

async function write(
  server: Server,
  key: string,
  text: string,
  expectedVersion: string | null,
): Promise<'written' | 'conflict'> {
  const headers: Record<string, string> =
    expectedVersion === null ? { 'if-none-match': '*' } : { 'if-match': expectedVersion };
  let reason = '';
  for (let attempt = 0; attempt < server.tries; attempt += 1) {
    await server.pause(attempt);
    const answer = await server.call('PUT', key, { text, headers });
    const outcome = answer.kind === 'failed' ? 'unknown' : outcomeOf(answer.status, expectedVersion);
    if (outcome === 'written') return 'written';
    if (answer.kind === 'answered' && outcome === 'refused') throw server.refused('PUT', key, answer.status);
    // After the first try, the text that is in the way may be ours.
    if (outcome === 'conflict' && attempt === 0) return 'conflict';
    const current = await read(server, key);
    if (current?.text === text) return 'written';
    if ((current?.version ?? null) !== expectedVersion) return 'conflict';
    reason = answer.kind === 'failed' ? answer.reason : `it answered ${answer.status}`;
  }
  throw new UnavailableError(`PUT ${server.addressOf(key)}: ${reason} (${server.tries} tries)`);
}

/** 404: what should have this version is not there. 409: another PUT was under way, and this one may be repeated (S3). */
function outcomeOf(status: number, expectedVersion: string | null) {
  if (status === 200 || status === 201 || status === 204) return 'written';
  if (status === 412 || (status === 404 && expectedVersion !== null)) return 'conflict';
  return status === 409 ? 'unknown' : 'refused';
}

/**
 * Many servers take a PUT and ignore its conditions: publishes would be lost there. So before the first write this asks
 * for two that must be refused, of a text that nobody needs.
 */
async function proveConditions(server: Server): Promise<void> {
  const key = 'conditional-writes';
  await write(server, key, `${randomUUID()}\n`, null);
  for (const expectedVersion of [null, '"0"']) {
    if ((await write(server, key, `${randomUUID()}\n`, expectedVersion)) === 'conflict') continue;
    const header = expectedVersion === null ? 'If-None-Match: *' : 'If-Match';
    throw new Error(
      `${server.addressOf(key)}: the store ignores ${header}, so two who publish at once could not be told apart.`,
    );
  }
}

function versionOf({ etag }: Answer & { kind: 'answered' }, server: Server, key: string): string {
  if (etag !== null && !etag.startsWith('W/')) return etag;
  const found = etag === null ? 'no ETag' : 'a weak ETag';
  throw new Error(
    `${server.addressOf(key)} came with ${found}: a store needs strong ones to compare and set.`,
  );
}
