import { readConfig } from '@shop/shared/process/config';
import { expect, test } from 'vitest';
import { routerSettings, subgraphUrlsOf } from './config.ts';

/** Without which a router does not start. */
const known = { ROUTER_SECRET: 'a secret of the tests, of 32 bytes or more' };

test('reads several URLs of a subgraph; what is not set is left to the supergraph', () => {
  const settings = readConfig(routerSettings, {
    ORDERS_URL: 'http://a:1/graphql, http://b:2',
    ...known,
  });
  expect(settings).toMatchObject({ PORT: 4000, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
  expect(settings.SUPERGRAPH).toMatch(/contracts\/supergraph\.graphql$/);
});

test('each subgraph has a variable of its name, also one that this repository does not know', () => {
  const environment = {
    ORDERS_URL: 'http://a:1/graphql, http://b:2',
    REVIEWS_URL: 'http://c:3',
    REDIS_URL: 'redis://d:4',
    PUBLIC_URL: 'https://shop.example',
    EDITOR_URL: 'vim://e',
    IMAGES_URL: '',
  };
  expect(subgraphUrlsOf(environment)).toEqual({
    orders: ['http://a:1/graphql', 'http://b:2/graphql'],
    reviews: ['http://c:3/graphql'],
  });
});

test('names every variable at fault', () => {
  const wrong = {
    PORT: '70000',
    LOG_LEVEL: 'loud',
    USERS_URL: 'ftp://users',
    IMAGES_URL: ',',
    SUPERGRAPH_POLL_MS: '5',
    API_SECRET: 'short',
    TRUSTED_DOCUMENTS: 'yes',
    REDIS_URL: 'http://redis',
    MAX_OPERATION_COST: '0',
    INTROSPECTION: 'yes',
    CORS_ORIGINS: 'shop.example',
    PUBLIC_URL: 'https://shop.example/api',
    ROUTER_PRIVATE_KEY: 'nonsense',
    ROUTER_SECRET: 'short',
    ALLOW_DIRECT: 'yes',
  };
  for (const variable of Object.keys(wrong)) {
    expect(() => readConfig(routerSettings, wrong)).toThrow(variable);
  }
});

test('origins are those that browsers send, or any', () => {
  const read = (text: string) => readConfig(routerSettings, { ...known, CORS_ORIGINS: text }).CORS_ORIGINS;
  expect(read('https://shop.example, http://localhost:3000')).toEqual([
    'https://shop.example',
    'http://localhost:3000',
  ]);
  expect(read('*')).toEqual(['*']);
  for (const wrong of ['https://shop.example/', 'https://shop.example/page', 'null', 'https://*.example'])
    expect(() => read(wrong)).toThrow(/CORS_ORIGINS.*origins/);
});

test.each([
  ['https://shop.example', 'https://shop.example'],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
  ['HTTPS://Shop.Example:443', 'https://shop.example'],
])('PUBLIC_URL %s is the origin %s', (given, origin) => {
  expect(readConfig(routerSettings, { ...known, PUBLIC_URL: given }).PUBLIC_URL).toBe(origin);
});

test.each(['shop.example', 'ftp://shop.example', 'https://shop.example/?a', 'https://a:b@shop.example'])(
  'PUBLIC_URL %s is refused',
  (given) => {
    expect(() => readConfig(routerSettings, { ...known, PUBLIC_URL: given })).toThrow('PUBLIC_URL');
  },
);
