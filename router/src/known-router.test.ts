import { createRouterAssertion, createRouterVerifier } from '@shop/shared/identity/router-assertion';
import { routerSecretKeys } from '@shop/shared/identity/router-keys';
import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecordedLog } from '../../subgraphs/shared/test/recorded-log.ts';
import { askRouter } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { createRouter, type Router, type RouterDependencies } from './router.ts';

const header = 'x-router-assertion';
const { signing, verifying } = routerSecretKeys('a secret of the tests, of 32 bytes or more');

let products: Subgraph;
let images: Subgraph;
const routers: Router[] = [];

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
});
afterEach(async () => {
  for (const router of routers.splice(0)) await router.close();
  await Promise.all([products.close(), images.close()]);
});

async function startRouter(options: Partial<RouterDependencies> = {}): Promise<string> {
  const router = await createRouter({
    supergraph: composeSmallShop({ products: products.url, images: images.url }),
    assertRouter: createRouterAssertion(signing),
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ...options,
  });
  routers.push(router);
  return router.url;
}

const headersOf = ({ received }: Subgraph) => received.map(({ headers }) => headers[header]);

test('every request of a subgraph shows that it is the router: for entities too, and never what a client says', async () => {
  const url = await startRouter();
  const forged = { headers: { [header]: 'forged' } };
  await askRouter(url, '{ products { name images { url } } }', forged);
  await askRouter(url, 'mutation { rename(name: "x") { name } }', forged);
  const shown = [...headersOf(products), ...headersOf(images)];
  expect(shown).toHaveLength(3);
  const verify = createRouterVerifier(verifying);
  for (const each of shown) expect(await verify(String(each))).toBe(true);
  // Signed once for all.
  expect(new Set(shown).size).toBe(1);
});

test('a subgraph that does not know the router is SERVICE_UNAVAILABLE to clients; the log says what to compare', async () => {
  const { log, text } = createRecordedLog();
  const url = await startRouter({ log });
  const refusal = { message: 'ask the router', extensions: { code: 'ROUTER_ONLY' } };
  images.intercept = (_, response) => void response.writeHead(401).end(JSON.stringify({ errors: [refusal] }));
  for (const query of ['{ products { name images { url } } }', '{ images { url } }']) {
    const { errors } = await askRouter(url, query);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/ROUTER_ONLY|ask the router|127\.0\.0\.1/);
  }
  const said = text().match(/"subgraph":"images".*does not know this router/g);
  expect(said).toHaveLength(2);
  expect(text()).not.toContain(String(headersOf(images)[0]));
});

test('a 401 that speaks of the client reaches it', async () => {
  const url = await startRouter();
  const refusal = { message: 'Log in again.', extensions: { code: 'UNAUTHENTICATED' } };
  images.intercept = (_, response) => void response.writeHead(401).end(JSON.stringify({ errors: [refusal] }));
  const { errors } = await askRouter(url, '{ images { url } }');
  expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
});
