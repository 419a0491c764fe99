import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, askRouter, type Question } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { catalogue, imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { createRouter, type Router, type RouterDependencies } from './router.ts';
import { trustedProxies } from './trusted-proxies.ts';

let products: Subgraph;
let images: Subgraph;
let router: Router;
const toClose: { close(): Promise<void> }[] = [];

async function startRouter(options: Partial<RouterDependencies> = {}): Promise<Router> {
  const supergraph = composeSmallShop({ products: products.url, images: images.url });
  const started = await createRouter({
    supergraph,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ...options,
  });
  toClose.push(started);
  return started;
}

const ask = (query: string, question?: Question): Promise<Answer> => askRouter(router.url, query, question);

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  router = await startRouter();
});
afterEach(async () => {
  for (const part of toClose.splice(0)) await part.close();
  await products.close();
  await images.close();
});

const joined = '{ products { name images { url } } }';

test('joins entities of two subgraphs in one request to each', async () => {
  const { data, errors } = await ask(joined);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    products: [
      { name: 'Bar', images: [{ url: 'https://images.example/1' }] },
      { name: 'Cake', images: [{ url: 'https://images.example/2' }] },
    ],
  });
  expect([products.received.length, images.received.length]).toEqual([1, 1]);
});

test('passes on the credentials of the request, where it came from, and no other header', async () => {
  await ask(joined, {
    headers: {
      authorization: 'Bearer token',
      'x-api-key': 'key',
      cookie: 'a=b',
      'x-forwarded-for': '192.0.2.1',
      'x-client-address': '192.0.2.2',
      'x-other': '1',
    },
  });
  const ours = [
    'host',
    'connection',
    'content-type',
    'content-length',
    'accept',
    'authorization',
    'x-api-key',
    'x-client-address',
  ];
  for (const { headers } of [...products.received, ...images.received]) {
    expect(headers).toMatchObject({
      authorization: 'Bearer token',
      'x-api-key': 'key',
      'x-client-address': '127.0.0.1',
    });
    expect(Object.keys(headers).filter((name) => !ours.includes(name))).toEqual([]);
  }
  await ask(joined);
  expect(products.received.at(-1)?.headers.authorization).toBeUndefined();
});

test('believes a trusted proxy where a request came from, and a client never', async () => {
  const trusting = await startRouter({ trustedProxies: trustedProxies.parse('127.0.0.0/8') });
  const headers = { 'x-forwarded-for': '203.0.113.5, 192.0.2.1', 'x-client-address': '192.0.2.2' };
  await askRouter(trusting.url, '{ products { name } }', { headers });
  expect(products.received.at(-1)?.headers['x-client-address']).toBe('192.0.2.1');
});

describe('a subgraph that is away', () => {
  const isOneError = ({ status, text, errors }: Answer) => {
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(errors?.[0]?.message).toContain('"images"');
    expect(text).not.toMatch(/127\.0\.0\.1|http:|stack|serviceName|_entities/);
  };

  test('costs its fields and one error, however many parts of the operation need it', async () => {
    await images.close();
    const answer = await ask(
      '{ products { name images { url } } again: products { images { url } } images { url } }',
    );
    isOneError(answer);
    const withoutImages = { name: 'Bar', images: null };
    expect(answer.data).toMatchObject({
      products: [withoutImages, { name: 'Cake' }],
      again: [{ images: null }, {}],
      images: null,
    });
  });

  test('costs the same when it hangs, breaks off or answers no GraphQL', async () => {
    router = await startRouter({ subgraphDeadlineMs: 200 });
    const misbehaviours: Subgraph['intercept'][] = [
      () => new Promise(() => {}),
      (request) => void request.socket.destroy(),
      (_, response) => void response.writeHead(502).end('<html>Bad gateway at 127.0.0.1</html>'),
      (_, response) => void response.writeHead(200).end('{"neither":"data nor errors"}'),
      (_, response) => void response.writeHead(200).end('null'),
    ];
    for (const intercept of misbehaviours) {
      images.intercept = intercept;
      isOneError(await ask(joined));
    }
    images.intercept = null;
    expect((await ask(joined)).errors).toBeUndefined();
  });

  test('is found again when it is back on its port', async () => {
    const { port } = new URL(images.url);
    await images.close();
    isOneError(await ask(joined));
    images = await startSubgraph('images', imageResolvers, Number(port));
    expect((await ask(joined)).errors).toBeUndefined();
  });
});

describe('errors', () => {
  test('of a subgraph keep message, path, code and extensions', async () => {
    const limited = await ask('{ products { name } failing(code: "RATE_LIMITED") { name } }');
    expect(limited.data).toMatchObject({ products: [{ name: 'Bar' }, { name: 'Cake' }], failing: null });
    expect(limited.errors).toEqual([
      {
        message: 'Come back later.',
        path: ['failing'],
        extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 30 },
      },
    ]);
    const { errors } = await ask('{ failing(code: "BAD_USER_INPUT") { name } }');
    const fields = [{ path: 'name', message: 'too long' }];
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', fields });
  });

  test('of an entity name the place in the whole answer', async () => {
    catalogue.push({ _id: '9', name: 'Pie' });
    const { errors, data } = await ask(joined);
    catalogue.pop();
    expect(errors?.map(({ path }) => path)).toEqual([['products', 2, 'images']]);
    expect(data).toMatchObject({
      products: [{ name: 'Bar' }, { name: 'Cake' }, { name: 'Pie', images: null }],
    });
  });

  test('that nobody meant for the client are hidden', async () => {
    for (const code of ['UNKNOWN', 'NONE']) {
      const { errors, text } = await ask(`{ failing(code: "${code}") { name } }`);
      expect(errors).toEqual([
        {
          message: 'Internal server error',
          path: ['failing'],
          extensions: { code: 'INTERNAL_SERVER_ERROR' },
        },
      ]);
      expect(text).not.toMatch(/secret|10\.0\.0\.7/);
    }
    const skew = { message: 'Cannot query field "x"', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
    products.intercept = (_, response) =>
      void response.writeHead(400).end(JSON.stringify({ errors: [skew] }));
    const { errors } = await ask('{ products { name } }');
    expect(errors).toEqual([
      { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });

  test("of malformed requests keep Apollo Server's codes", async () => {
    const code = async (...request: Parameters<typeof ask>) =>
      (await ask(...request)).errors?.[0]?.extensions?.code;
    expect(await code('{')).toBe('GRAPHQL_PARSE_FAILED');
    expect(await code('{ unknown }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await code('query ($a: Int!) { failing(code: $a) { name } }')).toBe('GRAPHQL_VALIDATION_FAILED');
    const rename = 'mutation ($name: String!) { rename(name: $name) { name } }';
    expect(await code(rename)).toBe('BAD_USER_INPUT');
    expect(await code(rename, { variables: { name: 7 } })).toBe('BAD_USER_INPUT');
    expect(await code('')).toBe('BAD_REQUEST');
    const extensions = encodeURIComponent(
      JSON.stringify({ persistedQuery: { version: 1, sha256Hash: 'abc' } }),
    );
    const persisted = await fetch(`${router.url}/graphql?extensions=${extensions}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await persisted.text()).toContain('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('several processes of a subgraph', () => {
  let second: Subgraph;
  beforeEach(async () => {
    second = await startSubgraph('products', productResolvers);
    toClose.push(second);
    router = await startRouter({ subgraphUrls: { products: [products.url, second.url] } });
  });

  test('take turns', async () => {
    for (let i = 0; i < 10; i += 1) await ask('{ products { name } }');
    expect([products.received.length, second.received.length]).toEqual([5, 5]);
  });

  test('one that refuses connections is passed over, for queries and mutations', async () => {
    await products.close();
    for (let i = 0; i < 10; i += 1) {
      expect((await ask('{ products { name } }')).errors).toBeUndefined();
      expect((await ask('mutation { rename(name: "x") { name } }')).data).toEqual({ rename: { name: 'x' } });
    }
    expect(second.received.length).toBe(20);
  });

  test('a query whose connection breaks goes to the other, a mutation is never sent twice', async () => {
    const breakOff = (request: { socket: { destroy(): unknown } }) => void request.socket.destroy();
    products.intercept = breakOff;
    for (let i = 0; i < 4; i += 1) expect((await ask('{ products { name } }')).errors).toBeUndefined();
    second.intercept = breakOff;
    products.received.length = 0;
    second.received.length = 0;
    const { data, errors } = await ask('mutation { rename(name: "x") { name } }');
    expect(data).toEqual({ rename: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SERVICE_UNAVAILABLE']);
    expect(products.received.length + second.received.length).toBe(1);
  });
});
