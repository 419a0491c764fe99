import { randomUUID } from 'node:crypto';
import { openEmbeddedTextCache } from '@shop/shared/cache/embedded-text-cache';
import { openTextCache } from '@shop/shared/cache/open-text-cache';
import { sha256Of, type TextCache } from '@shop/shared/cache/text-cache';
import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { apqLimits, createApqCache } from './apq-cache.ts';
import { createRouter, type Router } from './router.ts';

const query = '{ products { name } }';
const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: sha256Of(query) } } };
const answer = { data: { products: [{ name: 'Bar' }, { name: 'Cake' }] } };
const notFound = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

let products: Subgraph;
let images: Subgraph;
let opened: { close(): Promise<void> }[];

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  opened = [images, products];
});
afterEach(async () => {
  for (const each of opened.toReversed()) await each.close();
});

async function start(texts: TextCache): Promise<Router> {
  const router = await createRouter({
    supergraph: composeSmallShop({ products: products.url, images: images.url }),
    publicAccess: { persistedQueries: { cache: createApqCache(texts) } },
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
  });
  opened.push(texts, router);
  return router;
}

async function send({ url }: Router, request: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(request) });
  return response.json();
}

test('what is registered runs by its hash, by GET too', async () => {
  const router = await start(openEmbeddedTextCache(apqLimits));
  expect(await send(router, byHash)).toMatchObject(notFound);
  expect(await send(router, { query, ...byHash })).toEqual(answer);
  expect(await send(router, byHash)).toEqual(answer);
  const search = new URLSearchParams({ extensions: JSON.stringify(byHash.extensions) });
  const headers = { 'apollo-require-preflight': '1' };
  expect(await (await fetch(`${router.url}/graphql?${search}`, { headers })).json()).toEqual(answer);
});

test('a text of another hash, one that is not valid and one that is too long are not registered', async () => {
  const texts = openEmbeddedTextCache(apqLimits);
  const keep = vi.spyOn(texts, 'keep');
  const router = await start(texts);
  const long = `${query} # ${'x'.repeat(apqLimits.maxLength)}`;
  for (const [text, hash] of [
    ['{ products { size } }', sha256Of(query)],
    ['{ productz }', sha256Of('{ productz }')],
    [long, sha256Of(long)],
  ] as const) {
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    await send(router, { query: text, extensions });
    expect(await send(router, { extensions })).toMatchObject(notFound);
  }
  expect(keep.mock.calls.map(([text]) => text)).toEqual([long]);
});

test('a hash that is none is asked of nobody', async () => {
  const texts = openEmbeddedTextCache(apqLimits);
  const find = vi.spyOn(texts, 'find');
  const router = await start(texts);
  for (const sha256Hash of ['', 'x', 'X'.repeat(64), ['a'], { b: 1 }, 7]) {
    const reply = await send(router, { extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(reply).toMatchObject(notFound);
  }
  expect(find).not.toHaveBeenCalled();
});

function onRedis(): void {
  const url = redisUrl ?? '';
  const open = (prefix: string, redis = url) =>
    openTextCache({ ...apqLimits, redisUrl: redis, prefix, log: silentLog });

  test('two routers share what is registered', async () => {
    const prefix = `test-${randomUUID()}:`;
    const limits = { ...apqLimits, ttlMs: 60_000 };
    const openShared = () => openTextCache({ ...limits, redisUrl: url, prefix, log: silentLog });
    const [one, other] = [await start(await openShared()), await start(await openShared())];
    await vi.waitFor(
      async () => {
        await send(one, { query, ...byHash });
        expect(await send(other, byHash)).toEqual(answer);
      },
      { timeout: 20_000, interval: 50 },
    );
  });

  test('without its Redis a router answers, and clients register with it alone', async () => {
    const router = await start(await open('test:', 'redis://127.0.0.1:1'));
    expect(await send(router, byHash)).toMatchObject(notFound);
    expect(await send(router, { query, ...byHash })).toEqual(answer);
    expect(await send(router, byHash)).toEqual(answer);
  });
}

if (redisUrl !== null) describe('on Redis', onRedis);
