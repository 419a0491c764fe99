import { createHash } from 'node:crypto';
import { silentLog } from '@shop/shared/process/log';
import type { GraphQLFormattedError } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askRouter } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { operationsOf } from './client-operations.ts';
import type { Access } from './graph-server.ts';
import { defaultLimits } from './operation-limits.ts';
import { createRouter, type Router } from './router.ts';
import { createTrustedDocuments } from './trusted-documents.ts';

const apiSecret = 'a secret of these tests';
let products: Subgraph;
let images: Subgraph;
let router: Router;

async function start(publicAccess: Access = {}): Promise<void> {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  const supergraph = composeSmallShop({ products: products.url, images: images.url });
  const options = { host: '127.0.0.1', port: 0, log: silentLog };
  router = await createRouter({ supergraph, apiSecret, publicAccess, ...options });
}

beforeEach(() => start());
afterEach(() => Promise.all([router, products, images].map((part) => part.close())));

interface Reply {
  status: number;
  data?: Record<string, unknown>;
  errors?: GraphQLFormattedError[];
}

async function send(request: object, path = '/graphql', headers = {}): Promise<Reply> {
  const response = await fetch(router.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return { ...((await response.json()) as Reply), status: response.status };
}

const refused = (code: string, more = {}) => ({
  status: 400,
  errors: [{ message: expect.stringMatching(/\w+ \w+/), extensions: { code, ...more } }],
});
const repeat = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n));

describe('refused before any subgraph is asked, on both graphs', () => {
  const { tokens, depth, aliases, directives, rootFields, fields } = defaultLimits;
  const nested = (levels: number) => `${'{products'.repeat(levels)}{name}${'}'.repeat(levels)}`;
  const values = (levels: number) => `{product(id:${'['.repeat(levels)}1${']'.repeat(levels)}){name}}`;
  const doubled = repeat(9, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ');
  test.each([
    ['20 levels too many', nested(depth + 20), 'MAX_DEPTH_LIMIT', { max: depth }],
    ['10,000 levels', nested(10_000), 'MAX_DEPTH_LIMIT', { max: depth }],
    ['100,000 levels that are never closed', '{a'.repeat(100_000), 'MAX_DEPTH_LIMIT', { max: depth }],
    ['10,000 levels of a value', values(10_000), 'MAX_DEPTH_LIMIT', { max: depth }],
    ['10,000 levels of a type', `query ($v: ${'['.repeat(10_000)}Int`, 'MAX_DEPTH_LIMIT', { max: depth }],
    [
      '10,000 aliases',
      `{${repeat(10_000, (n) => `a${n}: products { name }`)}}`,
      'MAX_ALIASES_LIMIT',
      { max: aliases },
    ],
    [
      'too many directives',
      `{ __typename ${'@include(if: true) '.repeat(directives + 1)}}`,
      'MAX_DIRECTIVES_LIMIT',
      { max: directives },
    ],
    ['too many tokens', `{ products { ${'name '.repeat(tokens)}} }`, 'MAX_TOKENS_LIMIT', { max: tokens }],
    [
      'too many root fields, by fragments',
      `{ ...Some ...Others } fragment Some on Query { ${repeat(rootFields, (n) => `a${n}: __typename `)} }
       fragment Others on Query { ... { another: __typename } }`,
      'MAX_ROOT_FIELDS_LIMIT',
      { max: rootFields },
    ],
    [
      'fragments that double one another',
      `{ ...F0 } ${doubled} fragment F9 on Query { products { name } }`,
      'MAX_HEIGHT_LIMIT',
      { max: fields },
    ],
  ])('%s', async (_, query, code, more) => {
    expect(await send({ query })).toEqual(refused(code, more));
    expect(await send({ query }, '/internal/graphql', { 'x-api-key': apiSecret })).toEqual(
      refused(code, more),
    );
    expect([...products.received, ...images.received]).toEqual([]);
    const metrics = await (await fetch(`${router.url}/metrics`)).text();
    expect(metrics).toContain(`shop_router_operations_refused_total{code="${code}"} 2`);
  });

  test('a cycle of fragments', async () => {
    const query = '{ products { ...A } } fragment A on Product { ...B } fragment B on Product { ...A }';
    expect(await send({ query })).toMatchObject(refused('GRAPHQL_VALIDATION_FAILED'));
    expect(products.received).toEqual([]);
  });

  test('several operations in an array', async () => {
    const one = { query: '{ products { name } }' };
    expect(await send([one, one])).toMatchObject(refused('BAD_REQUEST'));
    expect(products.received).toEqual([]);
  });
});

test('what is at the limits runs', async () => {
  const { rootFields, aliases, fields } = defaultLimits;
  const each = (aliases - rootFields) / rootFields;
  const set = repeat(each, (n) => `b${n}: name`).join(' ');
  const rest = ' name'.repeat(fields / rootFields - each - 1);
  const query = `{${repeat(rootFields, (n) => `a${n}: products { ${set}${rest} }`)}}`;
  const { data, errors } = await send({ query });
  expect(errors).toBeUndefined();
  expect(data?.a0).toEqual([expect.objectContaining({ b0: 'Bar', name: 'Bar' }), expect.anything()]);
});

test('no value of a variable, however it nests, is a fault of the router', async () => {
  const query = 'query ($id: ID!) { product(id: $id) { name } }';
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const post = async (variables: string) => {
    const headers = { 'content-type': 'application/json' };
    const body = `{"query":"${query}","variables":${variables}}`;
    const response = await fetch(`${router.url}/graphql`, { method: 'POST', headers, body });
    return (await response.json()) as Reply;
  };
  for (let n = 0; n < 2; n += 1) {
    expect((await post(`{"id":${deep}}`)).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(await post(`{"id":"1","other":${deep}}`)).toEqual({ data: { product: { name: 'Bar' } } });
  }
});

test('trusted documents are exempt from nothing, and what asks for too much is not taken for one that ran', async () => {
  await Promise.all([router, products, images].map((part) => part.close()));
  const documents = operationsOf('known.graphql', 'query Known { products { name images { url } } }');
  const lines: unknown[] = [];
  const log = silentLog.child({});
  log.warn = (...line: unknown[]) => void lines.push(line);
  const plugins = [createTrustedDocuments({ documents, mode: 'log', log })];
  await start({ plugins, limits: { ...defaultLimits, cost: 109 } });
  const known = await send({ documentId: documents[0]?.id });
  expect(known).toEqual(refused('COST_ESTIMATED_TOO_EXPENSIVE', { estimated: 110, max: 109 }));
  expect(await send({ query: '{a'.repeat(99) })).toEqual(refused('MAX_DEPTH_LIMIT', { max: 20 }));
  expect([...products.received, ...images.received, ...lines]).toEqual([]);
});

describe('cost', () => {
  const query = '{ products { name images { url } } }';
  const asked = { query, extensions: { cost: true } };

  test('is told when asked for, and only then', async () => {
    const told = { extensions: { cost: { estimated: 110, max: 100_000 } } };
    for (let n = 0; n < 2; n += 1) expect(await send(asked)).toMatchObject(told);
    expect(await send({ ...asked, query: '{ products { name } }' })).toMatchObject({
      data: { products: [{ name: 'Bar' }, { name: 'Cake' }] },
      extensions: { cost: { estimated: 10, max: 100_000 } },
    });
    const admin = await send(asked, '/internal/graphql', { 'x-api-key': apiSecret });
    expect(admin).toMatchObject({ extensions: { cost: { estimated: 110, max: 1_000_000 } } });
    for (const extensions of [undefined, {}, { cost: 'yes' }])
      expect(await send({ query, extensions })).not.toHaveProperty('extensions');
  });

  test('above what is allowed is refused, each time, and nothing is registered', async () => {
    await Promise.all([router, products, images].map((part) => part.close()));
    await start({ limits: { ...defaultLimits, cost: 109 } });
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash } } };
    const code = 'COST_ESTIMATED_TOO_EXPENSIVE';
    for (let n = 0; n < 2; n += 1)
      expect(await send({ query, ...byHash })).toEqual(refused(code, { estimated: 110, max: 109 }));
    expect(await send(asked)).toMatchObject({ extensions: { cost: { estimated: 110, max: 109 } } });
    expect((await send(byHash)).errors?.[0]?.extensions?.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect([...products.received, ...images.received]).toEqual([]);
    expect((await askRouter(router.url, '{ products { name } }')).errors).toBeUndefined();
  });
});
