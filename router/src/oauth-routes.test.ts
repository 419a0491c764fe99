import { type HttpListener, startHttpListener } from '@shop/shared/graphql/http-listener';
import { silentLog } from '@shop/shared/process/log';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { oauthRoutes } from './oauth-routes.ts';
import type { SubgraphAnswer } from './subgraph-client.ts';
import type { RelayedRequest } from './subgraph-source.ts';

const granted = { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 900, scope: 'internal' };
const form = 'grant_type=client_credentials';

let router: HttpListener;
let asked: RelayedRequest[] = [];
let relay: (request: RelayedRequest) => Promise<SubgraphAnswer>;

beforeAll(async () => {
  const users = {
    relay: (request: RelayedRequest) => {
      asked.push(request);
      return relay(request);
    },
  };
  router = await startHttpListener({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    operations: {},
    checkReady: async () => undefined,
    deadlineMs: 1_000,
    routes: oauthRoutes({
      users: () => users,
      publicUrl: () => 'https://shop.example',
      originHeaders: () => ({ 'x-client-address': '192.0.2.7' }),
      log: silentLog,
    }),
  });
});
afterAll(() => router.close());
beforeEach(() => {
  asked = [];
});

function answers(status: number, body: unknown, headers: Record<string, string> = {}): typeof relay {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return async () => ({ kind: 'answered', status, headers, body: text, isLast: false });
}

function askForToken(init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...init.headers };
  return fetch(`${router.url}/oauth/token`, { method: 'POST', body: form, ...init, headers });
}

test('Users is told the form, the credentials and where the client is, and nothing else', async () => {
  relay = answers(200, granted, { 'set-cookie': 'x=1', 'cache-control': 'public' });
  const headers = { authorization: 'Basic eDp5', 'x-client-address': '203.0.113.1', cookie: 'a=b' };
  const response = await askForToken({ headers });
  expect(asked).toEqual([
    {
      path: '/oauth/token',
      headers: {
        'x-client-address': '192.0.2.7',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'Basic eDp5',
      },
      body: form,
    },
  ]);
  expect([response.status, await response.json()]).toEqual([200, granted]);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('pragma')).toBe('no-cache');
  expect(response.headers.get('set-cookie')).toBeNull();
});

test('a refusal is passed on with what the client needs of it', async () => {
  const refusal = { error: 'invalid_client', error_description: 'the secret is wrong' };
  relay = answers(401, refusal, { 'www-authenticate': 'Basic realm="shop"' });
  const response = await askForToken();
  expect([response.status, await response.json()]).toEqual([401, refusal]);
  expect(response.headers.get('www-authenticate')).toBe('Basic realm="shop"');
  relay = answers(429, { ...refusal, error: 'temporarily_unavailable' }, { 'retry-after': '17' });
  expect((await askForToken()).headers.get('retry-after')).toBe('17');
});

test.each<[string, typeof relay]>([
  ['is away', async () => ({ kind: 'unreachable', cause: new Error('ECONNREFUSED 10.0.0.1') })],
  ['hangs', async () => ({ kind: 'timeout' })],
  ['fails', answers(500, { error: 'internal server error' })],
  ['has no such path, as in release 0.1', answers(404, { error: 'not found' })],
  ['is something else', answers(200, '<html>')],
  ['answers no object', answers(200, 'null')],
  ['refuses in other words', answers(401, { errors: [{ message: 'not the router' }] })],
])('while Users %s, a token is 503 with Retry-After', async (_, broken) => {
  relay = broken;
  const response = await askForToken();
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    error: 'temporarily_unavailable',
    error_description: expect.not.stringMatching(/10\.0\.0\.1|router/),
  });
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('what is no form of usual size by POST never reaches Users', async () => {
  const statuses = await Promise.all([
    askForToken({ method: 'PUT' }),
    askForToken({ method: 'GET', body: null }),
    askForToken({ body: `${form}&x=${'x'.repeat(16 * 1024)}` }),
    askForToken({ body: '{}', headers: { 'content-type': 'application/json' } }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([405, 405, 413, 400]);
  expect(asked).toEqual([]);
});

test('more than a hundred at once are refused, and the next is not', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const grant = answers(200, granted);
  relay = async (request) => {
    await held;
    return grant(request);
  };
  const responses = Array.from({ length: 105 }, () => askForToken());
  const refused = new Promise<void>((resolve) => {
    let count = 0;
    const note = () => {
      count += 1;
      if (count === 5) resolve();
    };
    for (const each of responses) each.then(note);
  });
  await refused;
  release();
  const statuses = (await Promise.all(responses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 503)).toHaveLength(5);
  expect(asked).toHaveLength(100);
  expect((await askForToken()).status).toBe(200);
});

test('the keys are those of Users, to be kept as Users says', async () => {
  const kept = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' };
  relay = answers(200, { keys: [] }, { ...kept, 'x-more': '1' });
  const response = await fetch(`${router.url}/.well-known/jwks.json`, { headers: { 'x-api-key': 'hush' } });
  expect(asked).toEqual([{ path: '/.well-known/jwks.json', headers: {}, body: null }]);
  expect(await response.json()).toEqual({ keys: [] });
  for (const [name, value] of Object.entries(kept)) expect(response.headers.get(name)).toBe(value);
  expect(response.headers.get('x-more')).toBeNull();
  relay = async () => ({ kind: 'timeout' });
  const away = await fetch(`${router.url}/.well-known/jwks.json`);
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await fetch(`${router.url}/.well-known/jwks.json`, { method: 'POST' })).status).toBe(405);
});

test('the metadata are those of the public URL, whatever host a request names', async () => {
  const response = await fetch(`${router.url}/.well-known/oauth-authorization-server`, {
    headers: { 'x-forwarded-host': 'evil.example' },
  });
  expect(await response.json()).toEqual({
    issuer: 'https://shop.example',
    token_endpoint: 'https://shop.example/oauth/token',
    jwks_uri: 'https://shop.example/.well-known/jwks.json',
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    scopes_supported: expect.arrayContaining(['orders:read', 'internal']),
    response_types_supported: [],
  });
  expect(asked).toEqual([]);
  const put = await fetch(`${router.url}/.well-known/oauth-authorization-server`, { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
