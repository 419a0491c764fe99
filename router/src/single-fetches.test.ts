import { silentLog } from '@shop/shared/process/log';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answer, askRouter, type Question } from '../test/ask.ts';
import { composeSmallShop, type Subgraph, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { createRouter, type Router, type RouterDependencies } from './router.ts';

let products: Subgraph;
let images: Subgraph;
let router: Router;

beforeEach(async () => {
  products = await startSubgraph('products', productResolvers);
  images = await startSubgraph('images', imageResolvers);
  router = await startRouter();
});
afterEach(() => Promise.all([router, products, images].map((part) => part.close())));

function startRouter(options: Partial<RouterDependencies> = {}): Promise<Router> {
  const supergraph = composeSmallShop({ products: products.url, images: images.url });
  return createRouter({ supergraph, host: '127.0.0.1', port: 0, log: silentLog, ...options });
}

/** The gateway answers the first time, and whoever knows the plan from then on: nobody may see a difference. */
async function askAgain(query: string, question?: Question): Promise<Answer> {
  const answers: Answer[] = [];
  for (let n = 0; n < 3; n += 1) answers.push(await askRouter(router.url, query, question));
  const [first, ...others] = answers;
  const seen = ({ status, text, headers: { date, ...headers } }: Answer) => ({ status, text, headers });
  for (const other of others) expect(seen(other)).toEqual(seen(first!));
  return first!;
}

describe('an operation is answered the same each time, with one request to its subgraph', () => {
  const rename = 'mutation ($name: String!) { rename(name: $name) { name } }';
  const operations: [query: string, variables?: Record<string, unknown>][] = [
    ['{ products { name } }'],
    ['{ products { title: name kind: __typename _id size } }'],
    ['{ products { _id } again: products { name } }'],
    ['{ products { name name _id } }'],
    ['{ __typename products { name } }'],
    ['{ products { ...Shown } } fragment Shown on Product { name }'],
    ['{ products { ... on Product { name } } }'],
    ['query ($no: Boolean!) { products { name @skip(if: $no) _id } }', { no: true }],
    ['query ($id: ID!) { product(id: $id) { name } }', { id: '2', unused: 1 }],
    ['query ($id: ID!) { product(id: $id) { name } }', { id: 2 }],
    ['query ($id: ID! = "2") { product(id: $id) { name } }'],
    ['query Named { product { name } }'],
    ['query ($id: ID!) { product(id: $id) { name } }', { id: 'none' }],
    [rename, { name: 'Pie' }],
    ['mutation { a: rename(name: "A") { name } b: rename(name: "B") { name } }'],
    ['query ($code: String) { failing(code: $code) { name } products { name } }', { code: 'RATE_LIMITED' }],
  ];
  test.each(operations)('%s %j', async (query, variables = {}) => {
    const { data } = await askAgain(query, { variables });
    expect(data).toBeTypeOf('object');
    expect(products.received).toHaveLength(3);
  });

  test('none where the client made a mistake', async () => {
    await askRouter(router.url, rename, { variables: { name: 'Pie' } });
    expect(await askAgain(rename)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await askAgain(rename, { variables: { name: 7 } })).toMatchObject({ status: 400 });
    expect(products.received).toHaveLength(1);
  });

  test('and one of several subgraphs is joined', async () => {
    expect(await askAgain('{ products { images { url } } }')).not.toHaveProperty('errors');
    expect([products.received.length, images.received.length]).toEqual([3, 3]);
  });
});

describe('what a subgraph should not answer is treated the same each time, with one request', () => {
  const query = '{ products { _id name size pieces kind: __typename } }';
  const good = { _id: '1', name: 'Bar', size: 'SMALL', pieces: 2, kind: 'Product' };
  const answers: [what: string, answer: unknown][] = [
    ['a good answer, to compare with', { data: { products: [good, null] } }],
    ['null for what is never null', { data: { products: [good, { ...good, name: null }] } }],
    ['a number for a text', { data: { products: [{ ...good, name: 7 }] } }],
    ['a text for a number', { data: { products: [{ ...good, pieces: '2' }] } }],
    ['a number that no Int is', { data: { products: [{ ...good, pieces: 2 ** 31 }] } }],
    ['a fraction', { data: { products: [{ ...good, pieces: 0.5 }] } }],
    ['a size that the graph does not know', { data: { products: [{ ...good, size: 'HUGE' }] } }],
    ['a type that the graph does not know', { data: { products: [{ ...good, kind: 'Secret' }] } }],
    ['less than was asked for', { data: { products: [{ _id: '1' }] } }],
    ['more than was asked for', { data: { products: [{ ...good, secret: 1 }] } }],
    ['another order', { data: { products: [Object.fromEntries(Object.entries(good).toReversed())] } }],
    ['no list', { data: { products: good } }],
    ['no object', { data: { products: ['Bar'] } }],
    ['nothing at all', { data: null }],
    ['an error', { errors: [{ message: 'no', extensions: { code: 'RATE_LIMITED' } }] }],
    ['data and an error', { data: { products: [good] }, errors: [{ message: 'no', path: ['products', 0] }] }],
    ['extensions', { data: { products: [good] }, extensions: { secret: 1 } }],
    ['no GraphQL', 'Bad gateway'],
  ];
  test.each(answers)('%s', async (what, answer) => {
    products.intercept = (_, response) => void response.writeHead(200).end(JSON.stringify(answer));
    const { text, data } = await askAgain(query);
    if (what.startsWith('a good')) expect(data).toEqual({ products: [good, null] });
    expect(text).not.toMatch(/secret|HUGE/);
    expect(products.received).toHaveLength(3);
  });

  test.each([query, 'mutation { rename(name: "x") { name } }'])('no answer: %s', async (operation) => {
    await router.close();
    router = await startRouter({ subgraphDeadlineMs: 500 });
    // On a busy machine not even the first answer may come in so short a time.
    await vi.waitFor(
      async () => expect(await askRouter(router.url, operation)).not.toHaveProperty('errors'),
      10_000,
    );
    products.received.length = 0;
    products.intercept = () => new Promise(() => {});
    const { errors } = await askAgain(operation);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SERVICE_UNAVAILABLE']);
    products.intercept = (request) => void request.socket.destroy();
    expect((await askAgain(operation)).errors).toEqual(errors);
    expect(products.received).toHaveLength(6);
  });
});
