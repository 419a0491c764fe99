import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askRouter } from '../test/ask.ts';
import { type ChangingSource, createChangingSource } from '../test/changing-source.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { operationsOf } from './client-operations.ts';
import { createLastGood } from './last-good.ts';
import { createRouter, type Router, type RouterDependencies } from './router.ts';
import { hashOf } from './served-graph.ts';

const operations = operationsOf('shop.graphql', 'query Names { products { name images { url } } }');

let folder = '';
let file = '';
let products: Subgraph;
let images: Subgraph;
let router: Router;
let source: ChangingSource;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shop-swapping-'));
  file = join(folder, 'kept', 'last-good.graphql');
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  source = createChangingSource(graph(0));
});
afterEach(async () => {
  await router.close();
  await Promise.all([products.close(), images.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** The same graph with another field, so that its text and its API differ. */
function graph(version: number, urls = { products: products.url, images: images.url }): string {
  return composeSmallShop(urls, { products: `extend type Query { version${version}: Int }` });
}

async function start(options: Partial<RouterDependencies> = {}): Promise<Router> {
  router = await createRouter({
    supergraph: source,
    lastGood: createLastGood(file),
    operations,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ...options,
  });
  return router;
}

interface Readiness {
  supergraph: { hash: string; ageSeconds: number; lastError: { reason: string; hash?: string } | null };
}
const readiness = async () => (await (await fetch(`${router.url}/readyz`)).json()) as Readiness;
const served = async () => (await readiness()).supergraph.hash;
const lastError = async () => (await readiness()).supergraph.lastError;
const metrics = async () => (await fetch(`${router.url}/metrics`)).text();
const knows = async (version: number) => {
  const { data } = await askRouter(router.url, '{ __type(name: "Query") { fields { name } } }');
  return JSON.stringify(data).includes(`"version${version}"`);
};

test('what its source comes to have is served, kept, and told of', async () => {
  await start();
  expect([await knows(0), await knows(1)]).toEqual([true, false]);
  expect(readFileSync(file, 'utf8')).toBe(graph(0));
  source.set(graph(1));
  await vi.waitFor(async () => expect(await served()).toBe(hashOf(graph(1))), 5_000);
  expect([await knows(0), await knows(1)]).toEqual([false, true]);
  expect(await lastError()).toBeNull();
  expect((await readiness()).supergraph.ageSeconds).toBeLessThan(5);
  expect(readFileSync(file, 'utf8')).toBe(graph(1));
  expect(await metrics()).toContain(`shop_router_supergraph_info{hash="${hashOf(graph(1))}"} 1`);
  expect(await metrics()).toContain('shop_router_supergraph_updates_total{outcome="taken"} 1');
});

const unusable: [string, () => string, RegExp][] = [
  ['nothing', () => '', /syntax error/i],
  ['garbage', () => '\u0000 {"not": "graphql"} \u0000', /syntax error/i],
  ['another format', () => 'type Query { products: [Int] }', /./],
  ['a truncated supergraph', () => graph(1).slice(0, 1_500), /./],
  ['one half of a supergraph', () => graph(1).split('\n').slice(0, 40).join('\n'), /./],
  ['a future feature', () => graph(1).replace('join/v0.5', 'join/v9.0'), /join/],
  [
    'a graph without what clients ask for',
    () => graph(1).replace(/\bimages: \[Image!\][^\n]*/, 'pictures: [Image!] @join__field(graph: IMAGES)'),
    /Names: Cannot query field "images"/,
  ],
  [
    'a subgraph where nobody is',
    () => graph(1, { products: products.url, images: 'http://127.0.0.1:1/graphql' }),
    /do not answer: images/,
  ],
  [
    'a public field of an internal type',
    () =>
      composeSmallShop(
        { products: products.url, images: images.url },
        {
          products:
            'type Secret @tag(name: "internal") { word: String } extend type Query { secret: Secret }',
        },
      ),
    /inaccessible/i,
  ],
];

test.each(unusable)('%s is refused, visibly, and the last good one is served', async (_, text, reason) => {
  await start();
  const bad = text();
  source.set(bad);
  await vi.waitFor(async () => expect((await lastError())?.reason).toMatch(reason), 5_000);
  expect((await lastError())?.hash).toBe(hashOf(bad));
  expect(await served()).toBe(hashOf(graph(0)));
  expect((await askRouter(router.url, '{ products { name images { url } } }')).errors).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe(graph(0));
  expect(await metrics()).toMatch(/updates_total\{outcome="refused"\} [1-9]/);
  expect(await metrics()).toContain('updates_total{outcome="taken"} 0');
  source.set(graph(2));
  await vi.waitFor(async () => expect(await knows(2)).toBe(true), 5_000);
  expect(await lastError()).toBeNull();
});

test('back to what is served, the error is over', async () => {
  await start();
  source.set('garbage');
  await vi.waitFor(async () => expect(await lastError()).not.toBeNull(), 5_000);
  source.set(graph(0));
  await vi.waitFor(async () => expect(await lastError()).toBeNull(), 5_000);
  expect(await metrics()).toContain('updates_total{outcome="taken"} 0');
});

test('a supergraph whose subgraph is away is taken when that is there', async () => {
  await start();
  images.readiness = null;
  images.intercept = (_, response) => void response.destroy();
  source.set(graph(1));
  await vi.waitFor(async () => expect((await lastError())?.reason).toMatch(/images/), 5_000);
  images.intercept = null;
  await vi.waitFor(async () => expect(await served()).toBe(hashOf(graph(1))), 5_000);
});

test('a source that cannot be read is told of; what it has then is taken', async () => {
  await start();
  source.fail('the disk is gone');
  await vi.waitFor(async () => expect((await lastError())?.reason).toBe('the disk is gone'), 5_000);
  expect(await knows(0)).toBe(true);
  expect(await metrics()).toMatch(/updates_total\{outcome="unreadable"\} [1-9]/);
  source.set(graph(1));
  source.fail(null);
  await vi.waitFor(async () => expect(await knows(1)).toBe(true), 5_000);
  expect(await lastError()).toBeNull();
});

test('an operation that runs during a swap finishes on the graph that it began on', async () => {
  await start();
  const release = Promise.withResolvers<void>();
  products.intercept = ({ headers }) => (headers['x-api-key'] ? release.promise : undefined);
  const headers = { 'x-api-key': 'slow' };
  const slow = askRouter(router.url, '{ products { name images { url } } }', { headers });
  await vi.waitFor(() => expect(products.received.some((each) => each.headers['x-api-key'])).toBe(true));
  source.set(graph(1));
  await vi.waitFor(async () => expect(await knows(1)).toBe(true), 5_000);
  expect(await metrics()).toContain('shop_router_graphs_retiring 1');
  release.resolve();
  const answer = await slow;
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toMatchObject({ products: [{ name: 'Bar', images: [{}] }, {}] });
  await vi.waitFor(async () => expect(await metrics()).toContain('shop_router_graphs_retiring 0'));
});

test('without its source it starts with the last good one, and takes the source up again', async () => {
  await createLastGood(file).write(graph(7));
  source.fail('nobody is there');
  await start();
  expect(await knows(7)).toBe(true);
  expect(await lastError()).toMatchObject({ reason: 'nobody is there' });
  source.fail(null);
  await vi.waitFor(async () => expect(await knows(0)).toBe(true), 5_000);
  expect(await lastError()).toBeNull();
});

test('with a source that is no good it starts with the last good one', async () => {
  await createLastGood(file).write(graph(7));
  source.set('garbage');
  await start();
  expect(await knows(7)).toBe(true);
  expect((await lastError())?.reason).toMatch(/syntax error/i);
  expect(readFileSync(file, 'utf8')).toBe(graph(7));
});

test('with neither it does not start, and says why', async () => {
  source.set('garbage');
  await expect(start()).rejects.toThrow(/no supergraph to serve: a test: .*syntax error/i);
  router = await createRouter({ supergraph: graph(0), host: '127.0.0.1', port: 0, log: silentLog });
});
