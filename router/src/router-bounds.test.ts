import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askRouter } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { startHealthChecks } from './health-checks.ts';
import { createRouter, type Router, type RouterDependencies } from './router.ts';
import { createSubgraphClient } from './subgraph-client.ts';
import { createSubgraphSource } from './subgraph-source.ts';

let products: Subgraph;
let images: Subgraph;
let router: Router | undefined;

async function startRouter(options: Partial<RouterDependencies>): Promise<Router> {
  const supergraph = composeSmallShop({ products: products.url, images: images.url });
  router = await createRouter({ supergraph, host: '127.0.0.1', port: 0, log: silentLog, ...options });
  return router;
}

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
});
afterEach(async () => {
  await router?.close();
  await products.close();
  await images.close();
});

const isUnavailable = { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 };

test('calls that follow one another end together before the client is kept too long', async () => {
  const { url } = await startRouter({ subgraphDeadlineMs: 4_000, requestDeadlineMs: 4_000 });
  products.intercept = () => sleep(1_500);
  images.intercept = () => new Promise(() => {});
  const startedAtMs = performance.now();
  const { data, errors } = await askRouter(url, '{ products { name images { url } } }');
  // Had the second call its full time, it would be 5.5 s.
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  expect(data).toMatchObject({ products: [{ name: 'Bar', images: null }, { name: 'Cake' }] });
  expect(errors?.map(({ extensions }) => extensions)).toEqual([isUnavailable]);
});

test('a call whose time is over before it begins is not made', async () => {
  const client = createSubgraphClient();
  const healthChecks = startHealthChecks({ log: silentLog });
  const options = { name: 'products', urls: [products.url], client, healthChecks, deadlineMs: 5_000 };
  const source = createSubgraphSource({ ...options, log: silentLog });
  const ask = (answerByMs: number) =>
    source.process({
      request: { query: 'mutation { rename(name: "x") { name } }' },
      context: { credentials: {}, answerByMs },
    } as unknown as Parameters<typeof source.process>[0]);
  await expect(ask(performance.now())).rejects.toMatchObject({ extensions: isUnavailable });
  expect(products.received).toEqual([]);
  expect(await ask(performance.now() + 5_000)).toMatchObject({ data: { rename: { name: 'x' } } });
  await healthChecks.stop();
  await client.close();
});

test('past capacity operations are refused, health is answered, and it recovers', async () => {
  const { url } = await startRouter({ maxRequests: 2 });
  const { promise, resolve } = Promise.withResolvers<void>();
  products.intercept = () => promise;
  const admitted = [askRouter(url, '{ products { name } }'), askRouter(url, '{ products { name } }')];
  await vi.waitFor(() => expect(products.received).toHaveLength(2));
  const refused = await askRouter(url, '{ images { url } }');
  expect(refused).toMatchObject({ status: 503, errors: [{ extensions: isUnavailable }] });
  for (const path of ['/livez', '/readyz']) expect((await fetch(url + path)).status).toBe(200);
  resolve();
  for (const { errors } of await Promise.all(admitted)) expect(errors).toBeUndefined();
  expect((await askRouter(url, '{ images { url } }')).errors).toBeUndefined();
});

test('a refusal of a subgraph reaches the client with its code', async () => {
  const { url } = await startRouter({});
  const refusal = { message: 'Too much to do.', extensions: isUnavailable };
  images.intercept = (_, response) => void response.writeHead(503).end(JSON.stringify({ errors: [refusal] }));
  const { data, errors } = await askRouter(url, '{ products { name } images { url } }');
  expect(data).toMatchObject({ products: [{ name: 'Bar' }, { name: 'Cake' }], images: null });
  expect(errors?.map(({ extensions }) => extensions)).toEqual([isUnavailable]);
});

test('no more calls wait for one process than there are places; each of another process has its own', async () => {
  const client = createSubgraphClient(2);
  products.intercept = () => new Promise(() => {});
  const body = JSON.stringify({ query: '{ __typename }' });
  const waiting = new AbortController();
  const post = ({ url }: Subgraph, signal: AbortSignal) =>
    client.post(new URL(url), { 'content-type': 'application/json' }, body, signal);
  const hanging = [post(products, waiting.signal), post(products, waiting.signal)];
  const { signal } = new AbortController();
  expect(await post(products, signal)).toEqual({ kind: 'busy' });
  expect(await post(images, signal)).toMatchObject({ kind: 'answered' });
  waiting.abort();
  expect(await Promise.all(hanging)).toEqual([{ kind: 'timeout' }, { kind: 'timeout' }]);
  products.intercept = null;
  expect(await post(products, signal)).toMatchObject({ kind: 'answered' });
  await client.close();
});
