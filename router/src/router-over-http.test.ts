import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askRouter, type Question } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { createRouter, type Router } from './router.ts';

let products: Subgraph;
let images: Subgraph;
let router: Router;

const joined = '{ products { name images { url } } }';
const ask = (query: string, question?: Question) => askRouter(router.url, query, question);

async function post(request: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${router.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: errors?.[0]?.extensions.code };
}

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  const supergraph = composeSmallShop({ products: products.url, images: images.url });
  router = await createRouter({ supergraph, host: '127.0.0.1', port: 0, log: silentLog });
});
afterEach(async () => {
  await router.close();
  await products.close();
  await images.close();
});

test('refuses a body over 1 MiB and stays usable', async () => {
  for (const length of [1024 * 1024, 20 * 1024 * 1024]) {
    const answer = await ask(`{ products { name } } # ${'x'.repeat(length)}`);
    expect(answer.status).toBe(413);
    expect(answer.errors?.[0]?.message).toContain('1048576');
  }
  expect((await ask('{ products { name } }')).status).toBe(200);
});

test.each([
  ['two operations and no name', { query: 'query A { __typename } query B { __typename }' }],
  ['a name that no operation has', { query: '{ __typename }', operationName: 'A' }],
])('refuses %s', async (_, request) => {
  const answer = await post(request);
  expect(answer).toMatchObject({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
});

test('refuses a kind of operation that the graph does not have', async () => {
  const answer = await post({ query: 'subscription { orderUpdated { _id } }' });
  expect(answer).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
});

test('is not reachable from a foreign page: no operation without a preflight', async () => {
  const response = await fetch(`${router.url}/graphql?query={products{name}}`);
  expect(response.status).toBe(400);
  expect(products.received).toEqual([]);
});

test('answers health while its subgraphs are away', async () => {
  await Promise.all([products.close(), images.close()]);
  for (const path of ['/livez', '/readyz']) expect((await fetch(router.url + path)).status).toBe(200);
});

test('shows no query plan and loads nothing from elsewhere', async () => {
  const { text } = await ask(joined, { headers: { 'apollo-query-plan-experimental': '1' } });
  expect(text).not.toContain('QueryPlan');
  const page = await fetch(`${router.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(await page.text()).not.toMatch(/<script|https?:/);
  expect(process.env.APOLLO_TELEMETRY_DISABLED).toBe('1');
});

test('close lets running requests finish, then accepts none, and does not wait for idle connections', async () => {
  await ask('{ products { name } }'); // Leaves a kept-alive connection.
  let received = () => {};
  let proceed = () => {};
  const isReceived = new Promise<void>((resolve) => {
    received = resolve;
  });
  const mayProceed = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  products.intercept = async () => {
    received();
    await mayProceed;
  };
  const running = ask('{ products { name } }');
  await isReceived;
  const startMs = performance.now();
  const closed = router.close();
  await expect(fetch(`${router.url}/livez`)).rejects.toThrow();
  proceed();
  expect((await running).data).toEqual({ products: [{ name: 'Bar' }, { name: 'Cake' }] });
  await closed;
  expect(performance.now() - startMs).toBeLessThan(3_500);
  await router.close();
});
