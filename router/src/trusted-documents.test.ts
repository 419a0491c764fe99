import { createHash } from 'node:crypto';
import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { operationsOf } from './client-operations.ts';
import { createRouter, type Router } from './router.ts';
import { createTrustedDocuments, type Trust, type TrustMode } from './trusted-documents.ts';

const apiSecret = 'a secret of these tests';
const known = `
  query Names { products { name } }
  query One($id: ID!) { product(id: $id) { ...Tile name } }
  fragment Tile on Product { _id ...Size }
  fragment Size on Product { size }
  mutation Rename { rename(name: "Baz") { name } }`;
const documents = operationsOf('known.graphql', known);
const idOf = (name: string) => documents.find((each) => each.name === name)?.id ?? '';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashed = (sha256Hash: unknown, version: unknown = 1) => ({
  persistedQuery: { version, sha256Hash },
});

let products: Subgraph;
let images: Subgraph;
let router: Router;
let lines: unknown[][];
let counts: Record<Trust, number>;

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  lines = [];
  counts = { trusted: 0, untrusted: 0, refused: 0 };
});
afterEach(() => Promise.all([router, products, images].map((part) => part.close())));

async function start(mode: TrustMode): Promise<void> {
  const log = silentLog.child({});
  log.warn = (...line: unknown[]) => void lines.push(line);
  router = await createRouter({
    supergraph: composeSmallShop({ products: products.url, images: images.url }),
    apiSecret,
    publicAccess: {
      plugins: [createTrustedDocuments({ documents, mode, log, count: (trust) => ++counts[trust] })],
      ...(mode === 'enforce' && { persistedQueries: false }),
    },
    host: '127.0.0.1',
    port: 0,
    log,
  });
}

interface Reply {
  status: number;
  cacheControl: string | null;
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

async function send(request: unknown, path = '/graphql', headers = {}): Promise<Reply> {
  const response = await fetch(router.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return replyOf(response);
}

async function get(parameters: Record<string, string>): Promise<Reply> {
  const headers = { 'apollo-require-preflight': '1' };
  return replyOf(await fetch(`${router.url}/graphql?${new URLSearchParams(parameters)}`, { headers }));
}

async function replyOf(response: Response): Promise<Reply> {
  const body = (await response.json()) as Pick<Reply, 'data' | 'errors'>;
  return { ...body, status: response.status, cacheControl: response.headers.get('cache-control') };
}

const codesOf = ({ errors }: Reply) => errors?.map(({ extensions }) => extensions.code);
const names = { status: 200, data: { products: [{ name: 'Bar' }, { name: 'Cake' }] } };
const notTrusted = { status: 403, errors: [{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }] };
const notInList = { status: 404, errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }] };

describe.each(['off', 'log', 'enforce'] as const)('%s', (mode) => {
  beforeEach(() => start(mode));

  test('a known document runs by its id alone, at the first request', async () => {
    expect(await send({ extensions: hashed(idOf('Names')) })).toMatchObject(names);
    expect(await send({ documentId: idOf('Names') })).toMatchObject(names);
    expect(await send({ documentId: `sha256:${idOf('Names')}` })).toMatchObject(names);
    expect(await get({ extensions: JSON.stringify(hashed(idOf('Names'))) })).toMatchObject(names);
    expect(await get({ documentId: idOf('Names') })).toMatchObject(names);
    const one = await send({ documentId: idOf('One'), operationName: 'One', variables: { id: '1' } });
    expect(one.data).toEqual({ product: { _id: '1', size: null, name: 'Bar' } });
    expect(lines).toEqual([]);
  });

  test('a known document runs by its text', async () => {
    expect(await send({ query: documents.find(({ name }) => name === 'Names')?.body })).toMatchObject(names);
    expect(await send({ query: known, operationName: 'Names' })).toMatchObject(names);
    const written = 'query   Names{products{name,,}} # as another client writes it';
    for (let n = 0; n < 2; n += 1) expect(await send({ query: written })).toMatchObject(names);
    const query = `fragment Size on Product { size } fragment Tile on Product { _id ...Size }
      query One($id: ID!) { product(id: $id) { ...Tile name } }`;
    const one = await send({ query, variables: { id: '1' } });
    expect(one).toMatchObject({ status: 200, data: { product: { _id: '1', size: null } } });
    expect(lines).toEqual([]);
  });

  test('by GET a trusted mutation is refused as any other, and a query needs its preflight', async () => {
    expect(await get({ documentId: idOf('Rename') })).toMatchObject({ status: 405 });
    const response = await fetch(`${router.url}/graphql?documentId=${idOf('Names')}`);
    expect(response.status).toBe(400);
    expect(products.received).toEqual([]);
  });

  test('a request without a document is told so', async () => {
    expect(codesOf(await send({ variables: {} }))).toEqual(['BAD_REQUEST']);
    expect(codesOf(await send({ query: null, documentId: 7 }))).toEqual(['BAD_REQUEST']);
  });

  test('the internal graph runs any document', async () => {
    const headers = { 'x-api-key': apiSecret };
    const reply = await send({ query: '{ products { size } }' }, '/internal/graphql', headers);
    expect(reply).toMatchObject({ status: 200 });
    expect(lines).toEqual([]);
  });
});

test('off: unknown documents run, are registered as Apollo clients do it, and nothing is logged', async () => {
  await start('off');
  const query = '{ products { size } }';
  const byHash = { extensions: hashed(sha256(query)) };
  expect(codesOf(await send(byHash))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  expect(await send({ query, ...byHash })).toMatchObject({ status: 200 });
  expect(await send(byHash)).toMatchObject({
    status: 200,
    data: { products: [{ size: null }, { size: null }] },
  });
  expect(await send({ documentId: `sha256:${sha256(query)}` })).toMatchObject({ status: 200 });
  expect(lines).toEqual([]);
});

test('log: unknown documents run, and each is logged once, by its id and name alone', async () => {
  await start('log');
  const query = 'query Mine($id: ID!) { product(id: $id) { name } }';
  const reply = await send({ query, variables: { id: 'secret' } });
  expect(reply).toMatchObject({ status: 200 });
  await send({ query: query.replace('{', '\n {'), variables: { id: '1' } });
  await send({ query: '{ products { size } }' });
  await send({ query: '{ products { nothing } }' });
  await send({ query: '{ products' });
  expect(lines).toMatchObject([
    [{ document: operationsOf('', query)[0]?.id, operation: 'Mine' }, expect.any(String)],
    [{ document: sha256('{\n  products {\n    size\n  }\n}') }, expect.any(String)],
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
  await send({ documentId: idOf('Names') });
  expect(counts).toEqual({ trusted: 1, untrusted: 3, refused: 0 });
});

test('log: what is logged is bounded', async () => {
  await start('log');
  const aliases = Array.from({ length: 1_010 }, (_, n) => `query { a${n}: __typename }`);
  while (aliases.length > 0) await Promise.all(aliases.splice(0, 50).map((query) => send({ query })));
  expect(lines).toHaveLength(1_001);
  expect(lines.at(-1)).toEqual([expect.stringContaining('further ones')]);
});

describe('enforce', () => {
  beforeEach(() => start('enforce'));

  test.each([
    ['another selection', 'query Names { products { name size } }'],
    ['another name', '{ products { name } }'],
    ['an introspection', '{ __schema { queryType { name } } }'],
    ['the name of a type', '{ __typename }'],
    ['a text that is not GraphQL', '{ products'],
    ['an empty text', ''],
    ['a text whose fields are none', 'query Names { productz { name } }'],
    [
      'a known operation with another fragment',
      'query Names { products { ...F } } fragment F on Product { name }',
    ],
    [
      'two fragments of the same name',
      known.replace('mutation', 'fragment Size on Product { name } mutation'),
    ],
  ])('refuses %s before anything is made of it', async (_, query) => {
    const reply = await send({ query, operationName: query.includes('One') ? 'One' : undefined });
    expect(reply).toMatchObject({ ...notTrusted, cacheControl: 'no-store' });
    expect(JSON.stringify(reply)).not.toMatch(/did you mean|Cannot query|productz/i);
    expect(products.received).toEqual([]);
  });

  test('refuses by GET, and for clients that accept GraphQL responses alone', async () => {
    expect(await get({ query: '{ products { size } }' })).toMatchObject(notTrusted);
    expect(await get({ documentId: sha256('x') })).toMatchObject(notInList);
    const headers = { accept: 'application/graphql-response+json' };
    expect(await send({ query: '{ products { size } }' }, '/graphql', headers)).toMatchObject(notTrusted);
  });

  test('an unknown id is refused, and is not registered by sending its text', async () => {
    const query = '{ products { size } }';
    const byHash = { extensions: hashed(sha256(query)) };
    expect(await send(byHash)).toMatchObject(notInList);
    expect(await send({ query, ...byHash })).toMatchObject(notTrusted);
    expect(await send(byHash)).toMatchObject(notInList);
    expect(await send({ extensions: hashed('') })).toMatchObject(notInList);
    expect(await send({ extensions: hashed('__proto__'), operationName: 'Names' })).toMatchObject(notInList);
    expect(products.received).toEqual([]);
  });

  test('an id does not vouch for another text', async () => {
    const reply = await send({ query: '{ products { size } }', extensions: hashed(idOf('Names')) });
    expect(reply).toMatchObject(notTrusted);
    expect(await send({ query: '{ products { size } }', documentId: idOf('Names') })).toMatchObject(
      notTrusted,
    );
  });

  test('what a known operation brings along is not looked at', async () => {
    const query = `query Names { products { name } } query Others { productz { name } __schema { types { name } } }`;
    expect(await send({ query, operationName: 'Names' })).toMatchObject(names);
    expect(await send({ query, operationName: 'Others' })).toMatchObject(notTrusted);
    expect(await send({ query })).toMatchObject(notTrusted);
    expect(counts).toEqual({ trusted: 1, untrusted: 0, refused: 2 });
  });

  test('a client that sends the hash of a known text along gets its answer', async () => {
    const query = 'query Names{products{name}}';
    expect(await send({ query, extensions: hashed(sha256(query)) })).toMatchObject(names);
    expect(await send({ query, extensions: hashed(sha256(query), 2) })).toMatchObject(names);
  });

  test('a version of persisted queries that is not known, or a hash that is no text, is no id', async () => {
    for (const extensions of [hashed(idOf('Names'), 2), hashed({ of: idOf('Names') })])
      expect(codesOf(await send({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED']);
    expect(products.received).toEqual([]);
  });
});
