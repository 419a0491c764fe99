import { readConfig } from '@shop/shared/process/config';
import { silentLog } from '@shop/shared/process/log';
import type { GraphQLFormattedError } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { productResolvers } from '../test/small-shop-resolvers.ts';
import { routerSettings } from './config.ts';
import { openPublicAccess } from './public-access.ts';
import { createRouter, type Router } from './router.ts';

const apiSecret = 'a secret of these tests';
const page = 'https://shop.example';
let products: Subgraph;
let router: Router;

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
});
afterEach(() => Promise.all([router, products].map((part) => part.close())));

async function start(environment: Record<string, string>): Promise<void> {
  const { access } = await openPublicAccess(
    readConfig(routerSettings, { API_SECRET: apiSecret, ...environment }),
    silentLog,
  );
  const supergraph = composeSmallShop({ products: products.url, images: products.url });
  const options = { supergraph, apiSecret, publicAccess: access, log: silentLog };
  router = await createRouter({ ...options, host: '127.0.0.1', port: 0 });
}

interface Reply {
  status: number;
  headers: Record<string, string>;
  data?: unknown;
  errors?: GraphQLFormattedError[];
}

async function ask(
  query: string,
  more: { path?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const response = await fetch(router.url + (more.path ?? '/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...more.headers },
    body: JSON.stringify({ query }),
  });
  const { status, headers } = response;
  const answer = (await response.json()) as Pick<Reply, 'data' | 'errors'>;
  return { status, headers: Object.fromEntries(headers), ...answer };
}

const preflight = (origin: string, path = '/graphql') =>
  fetch(router.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization',
    },
  });
const corsOf = (headers: Headers) =>
  [...headers].filter(([name]) => name.startsWith('access-control-')).map(([name]) => name);

test('every answer carries the headers that keep a browser from misusing it', async () => {
  await start({});
  const json = { 'content-type': 'application/json' };
  const asked: [string, RequestInit, number][] = [
    ['/graphql', { method: 'POST', headers: json, body: '{"query":"{ products { name } }"}' }, 200],
    ['/graphql', { method: 'POST', headers: json, body: '{"query":"{ nothing }"}' }, 400],
    ['/graphql', { method: 'POST', headers: json, body: 'no JSON' }, 400],
    ['/graphql', { method: 'POST', headers: json, body: ' '.repeat(2 ** 20 + 1) }, 413],
    ['/graphql', {}, 400],
    ['/internal/graphql', { method: 'POST', headers: json, body: '{}' }, 401],
    ['/livez', {}, 200],
    ['/metrics', {}, 200],
    ['/nothing', {}, 404],
  ];
  for (const [path, request, status] of asked) {
    const response = await fetch(router.url + path, request);
    expect([path, response.status]).toEqual([path, status]);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers['content-type']).toMatch(/^(application\/json|text\/plain)/);
  }
});

describe('pages of other origins', () => {
  test('may ask nothing unless their origin is listed', async () => {
    await start({});
    for (const path of ['/graphql', '/livez', '/internal/graphql'])
      expect(corsOf((await preflight(page, path)).headers)).toEqual([]);
    expect(await ask('{ products { name } }', { headers: { origin: page } })).not.toHaveProperty([
      'headers',
      'access-control-allow-origin',
    ]);
  });

  test('whose origin is listed may ask the public graph, without cookies', async () => {
    await start({ CORS_ORIGINS: `http://localhost:3000, ${page}` });
    const { status, headers } = await preflight(page);
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': expect.stringMatching(/content-type,authorization/),
      vary: expect.stringMatching(/origin/i),
    });
    expect(headers.has('access-control-allow-credentials')).toBe(false);
    const answer = await ask('{ products { name } }', { headers: { origin: page } });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': page, vary: expect.stringMatching(/origin/i) },
    });
    expect(corsOf((await preflight(page, '/internal/graphql')).headers)).toEqual([]);
    expect((await preflight('https://shop.example.evil')).headers.has('access-control-allow-origin')).toBe(
      false,
    );
    expect(products.received).toHaveLength(1);
  });

  test('of any origin may with *', async () => {
    await start({ CORS_ORIGINS: '*' });
    const { headers } = await preflight(page);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });
});

describe('introspection and suggestions', () => {
  const introspection = '{ __schema { queryType { name } } }';
  const misspelt = '{ products { nam } }';
  const messageOf = ({ errors }: Reply) => errors?.[0]?.message;

  test.each<[Record<string, string>]>([[{}], [{ NODE_ENV: 'production', INTROSPECTION: 'on' }]])(
    'are there with %j',
    async (environment) => {
      await start(environment);
      expect((await ask(introspection)).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
      expect(messageOf(await ask(misspelt))).toContain('Did you mean "name"');
    },
  );

  test.each<[Record<string, string>]>([[{ NODE_ENV: 'production' }], [{ INTROSPECTION: 'off' }]])(
    'are not there with %j, but for the admin on the internal graph',
    async (environment) => {
      await start(environment);
      for (const query of [introspection, '{ a: __type(name: "Product") { name } }']) {
        const { status, errors } = await ask(query);
        expect({ status, errors }).toMatchObject({
          status: 400,
          errors: [{ extensions: { code: 'INTROSPECTION_DISABLED' } }],
        });
        expect(JSON.stringify(errors)).not.toContain('Apollo');
      }
      expect((await ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
      expect(messageOf(await ask(misspelt))).toBe('Cannot query field "nam" on type "Product".');
      const argument = await ask('{ product(idd: "1") { name } }');
      expect(argument.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(JSON.stringify(argument)).not.toContain('Did you mean');
      const internal = { path: '/internal/graphql', headers: { 'x-api-key': apiSecret } };
      expect((await ask(introspection, internal)).data).toEqual({
        __schema: { queryType: { name: 'Query' } },
      });
      expect(messageOf(await ask(misspelt, internal))).toContain('Did you mean "name"');
    },
  );
});
