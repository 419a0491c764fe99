import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askRouter } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { createRouter, type Router } from './router.ts';

const healthCheckEveryMs = 250;
let first: Subgraph;
let second: Subgraph;
let images: Subgraph;
let router: Router;

const query = '{ products { name } }';
const mutation = 'mutation { rename(name: "x") { name } }';
const ask = (operation: string) => askRouter(router.url, operation);

/** How many of six queries, all answered, each process got. */
async function shares(): Promise<number[]> {
  const before = [first, second].map(({ received }) => received.length);
  for (let i = 0; i < 6; i += 1) expect((await ask(query)).errors).toBeUndefined();
  return [first, second].map(({ received }, index) => received.length - (before[index] ?? 0));
}

const untilShares = (expected: number[]) =>
  vi.waitFor(async () => expect(await shares()).toEqual(expected), { timeout: 10_000, interval: 50 });

/** It takes connections and answers nothing, as under SIGSTOP. */
function freeze(subgraph: Subgraph): void {
  subgraph.readiness = null;
  subgraph.intercept = () => new Promise(() => {});
}

function wake(subgraph: Subgraph): void {
  subgraph.readiness = 200;
  subgraph.intercept = null;
}

beforeEach(async () => {
  first = await startSubgraph('products', productResolvers);
  second = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  router = await createRouter({
    supergraph: composeSmallShop({ products: first.url, images: images.url }),
    subgraphUrls: { products: [first.url, second.url] },
    subgraphDeadlineMs: 3_000,
    healthCheckEveryMs,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
  });
});
afterEach(async () => {
  await router.close();
  for (const subgraph of [first, second, images]) await subgraph.close();
});

test('a process that is not ready is left out until it is', async () => {
  await untilShares([3, 3]);
  second.readiness = 503;
  await untilShares([6, 0]);
  second.readiness = 200;
  await untilShares([3, 3]);
});

test('a process without /readyz takes part', async () => {
  second.readiness = 404;
  await vi.waitFor(() => expect(second.checks).toBeGreaterThan(1), { timeout: 5_000 });
  await untilShares([3, 3]);
});

test('when none is ready, all are asked; one that is not ready comes before one that is silent', async () => {
  first.readiness = 503;
  await untilShares([0, 6]);
  second.readiness = 503;
  await untilShares([3, 3]);
  second.readiness = null;
  await untilShares([6, 0]);
  first.readiness = null;
  await untilShares([3, 3]);
});

test('queries that met a frozen process are answered by the other one, and it takes part again after it wakes', async () => {
  freeze(second);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(query)));
  for (const { errors } of answers) expect(errors).toBeUndefined();
  expect(second.received.length, 'this test is about queries that wait there').toBeGreaterThan(0);
  await untilShares([6, 0]);
  expect((await ask(mutation)).errors).toBeUndefined();
  wake(second);
  await untilShares([3, 3]);
});

test('a mutation that met a frozen process is sent to no other', async () => {
  freeze(second);
  const answers = await Promise.all([ask(mutation), ask(mutation)]);
  const codes = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? []);
  expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  expect([first.received.length, second.received.length]).toEqual([1, 1]);
});

test('when all are frozen, a query is an error once its time is over', async () => {
  freeze(first);
  freeze(second);
  const { errors } = await ask(query);
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SERVICE_UNAVAILABLE']);
});

test('a process that is the only one of its subgraph is not checked, nor anyone after the router is closed', async () => {
  await vi.waitFor(() => expect(first.checks).toBeGreaterThan(2), { timeout: 5_000 });
  expect(images.checks).toBe(0);
  await router.close();
  const { checks } = first;
  await new Promise((resolve) => setTimeout(resolve, 3 * healthCheckEveryMs));
  expect(first.checks).toBe(checks);
});
