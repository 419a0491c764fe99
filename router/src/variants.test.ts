import { silentLog } from '@shop/shared/process/log';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, askRouter } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { toPublicVariant } from './public-variant.ts';
import { createRouter, type Router } from './router.ts';

const apiSecret = 'the secret of the admin';
const asAdmin = { headers: { 'x-api-key': apiSecret } };
const internal = '@tag(name: "internal")';
const more = {
  products: `extend type Product { margin: Int ${internal} }
    type Ledger ${internal} { total: Int }
    enum Phase { OPEN HIDDEN ${internal} }
    input Filter { phase: Phase trace: Boolean ${internal} }
    extend type Query { ledger: Ledger ${internal} phases(filter: Filter, deep: Boolean ${internal}): [Phase] }`,
};
let products: Subgraph;
let images: Subgraph;
let router: Router;

const ask = (query: string, question = {}) => askRouter(router.url, query, question);
const askInternal = (query: string, question = {}) => askRouter(`${router.url}/internal`, query, question);
const graph = () => composeSmallShop({ products: products.url, images: images.url }, more);

beforeAll(async () => {
  products = await startSubgraph('products', productResolvers, 0, more.products);
  images = await startSubgraph('images', imageResolvers);
  router = await createRouter({ supergraph: graph(), apiSecret, host: '127.0.0.1', port: 0, log: silentLog });
});
afterAll(async () => {
  await router.close();
  await Promise.all([products.close(), images.close()]);
});

const internalOperations = [
  '{ products { margin } }',
  '{ ledger { total } }',
  '{ phases(filter: { phase: HIDDEN }) }',
  '{ phases(filter: { trace: true }) }',
  '{ phases(deep: true) }',
  '{ products { ... on Ledger { total } } }',
];

describe('what is tagged internal', () => {
  test.each(internalOperations)('%s does not exist for the public, key or no key', async (query) => {
    for (const answer of [await ask(query), await ask(query, asAdmin)]) {
      expect(answer.status).toBe(400);
      expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(answer.data).toBeUndefined();
    }
  });

  test.each(internalOperations.slice(0, 5))('%s is answered in the internal graph', async (query) => {
    const answer = await askInternal(query, asAdmin);
    expect(answer.errors).toBeUndefined();
    expect(answer.status).toBe(200);
  });

  test('nobody learns of it by introspection or by suggestions', async () => {
    const names =
      '{ __schema { types { name fields { name args { name } } inputFields { name } enumValues { name } } } }';
    const told = await ask(names);
    expect(told.text).toContain('Phase');
    expect(told.text).not.toMatch(/margin|ledger|hidden|trace|deep/i);
    expect((await askInternal(names, asAdmin)).text).toMatch(/margin.*ledger|ledger.*margin/is);
    for (const misspelt of ['{ products { margins } }', '{ ledgers { total } }', '{ phases(deeper: 1) }']) {
      const { errors } = await ask(misspelt);
      expect(errors?.[0]?.message).not.toMatch(/did you mean|"margin"|"ledger"|"deep"/i);
    }
    expect((await ask('{ product { nam } }')).errors?.[0]?.message).toContain('Did you mean "name"');
  });
});

describe('the internal graph', () => {
  const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions?.code;

  test('is for the admin', async () => {
    const before = products.received.length;
    const without = await askInternal('{ products { name } }');
    expect([without.status, codeOf(without)]).toEqual([401, 'UNAUTHENTICATED']);
    const user = await askInternal('{ products { name } }', { headers: { authorization: 'Bearer x' } });
    expect([user.status, codeOf(user)]).toEqual([401, 'UNAUTHENTICATED']);
    for (const key of ['wrong', '', `${apiSecret} `.repeat(2)]) {
      const wrong = await askInternal('{ products { name } }', { headers: { 'x-api-key': key } });
      expect([wrong.status, codeOf(wrong)]).toEqual([403, 'FORBIDDEN']);
    }
    expect(products.received).toHaveLength(before);
  });

  test('has all of the public one too', async () => {
    const { data } = await askInternal('{ products { name margin images { url } } }', asAdmin);
    expect(data).toMatchObject({ products: [{ name: 'Bar', margin: null, images: [{}] }, {}] });
  });

  test('is not there in a router that does not know the key', async () => {
    const options = { supergraph: graph(), host: '127.0.0.1', port: 0, log: silentLog };
    const closed = await createRouter(options);
    const response = await fetch(`${closed.url}/internal/graphql`, {
      method: 'POST',
      headers: { 'x-api-key': '' },
    });
    expect(response.status).toBe(404);
    await closed.close();
  });
});

test('a supergraph without internal parts is its own public variant', () => {
  const plain = composeSmallShop({ products: products.url, images: images.url });
  expect(toPublicVariant(plain)).toBe(plain);
  expect(toPublicVariant(toPublicVariant(graph()))).toBe(toPublicVariant(graph()));
});
