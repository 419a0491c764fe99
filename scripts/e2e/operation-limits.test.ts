import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphqlError, registerUser } from './client.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';

let shop: InProcessShop;
/** How many operations subgraphs received. */
let asked = 0;

/** Every server of the shop is in this process, and Node tells of each request. */
function countAsked(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  const isOfRouter = `${request.socket.localPort}` === new URL(shop.url).port;
  if (request.method === 'POST' && !isOfRouter) asked += 1;
}

beforeAll(async () => {
  shop = await startInProcessShop();
  subscribe('http.server.request.start', countAsked);
});
afterAll(async () => {
  unsubscribe('http.server.request.start', countAsked);
  await shop.close();
});

interface Answer {
  status: number;
  data?: Record<string, unknown>;
  errors?: GraphqlError[];
  extensions?: { cost?: { estimated: number; max: number } };
}

const codesOf = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

async function post(body: string, headers: Record<string, string> = {}, path = '/graphql') {
  const response = await fetch(shop.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const answer = (await response.json()) as Omit<Answer, 'status'>;
  return { status: response.status, ...answer } satisfies Answer;
}
const ask = (query: string, more: object = {}) => post(JSON.stringify({ query, ...more }));
const repeat = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

/** Nested pages of 250, each with the next in it, as far as the graph goes. */
function pages(levels: number): string {
  const [open, shut] = ['orders(first: 250) { nodes { user {', '} } }'];
  return `{ me { ${repeat(levels, () => open)} _id ${repeat(levels, () => shut)} } }`;
}

describe('refused before any subgraph is asked', () => {
  const login = (n: number) =>
    `a${n}: login(input: { username: "nobody", password: "wrong-one" }) { access_token }`;
  const cycle = `{ me { ...A } } fragment A on User { orders { nodes { user { ...B } } } }
    fragment B on User { orders { nodes { user { ...A } } } }`;
  test.each([
    ['a depth of 50', `${'{ orders { user '.repeat(25)}{ _id }${' } }'.repeat(25)}`, 'MAX_DEPTH_LIMIT'],
    ['a depth of 50,000', `${'{ orders { user '.repeat(25_000)}`, 'MAX_DEPTH_LIMIT'],
    ['10,000 aliases', `{ ${repeat(10_000, (n) => `a${n}: me { _id }`)} }`, 'MAX_ALIASES_LIMIT'],
    ['1,000 logins', `mutation { ${repeat(1_000, login)} }`, 'MAX_ALIASES_LIMIT'],
    ['100 logins', `mutation { ${repeat(100, login)} }`, 'MAX_ROOT_FIELDS_LIMIT'],
    ['100 pages of 250 in one another', pages(100), 'MAX_DEPTH_LIMIT'],
    [
      '100 pages of 250 with pages of 250 in them',
      `{ users(first: 250) { ${repeat(100, (n) => `a${n}: orders(first: 250) { nodes { _id } }`)} } }`,
      'COST_ESTIMATED_TOO_EXPENSIVE',
    ],
    ['5 pages of 250 in one another', pages(5), 'COST_ESTIMATED_TOO_EXPENSIVE'],
    ['a cycle of fragments', cycle, 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s', async (_, query, code) => {
    asked = 0;
    const answer = await ask(query);
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
    expect(answer.data).toBeUndefined();
    expect(asked).toBe(0);
  });

  test('5 MiB', async () => {
    asked = 0;
    const answer = await ask('{ products { _id } }', { variables: { much: 'x'.repeat(5 * 2 ** 20) } });
    expect([answer.status, codesOf(answer)]).toEqual([413, ['BAD_REQUEST']]);
    expect(asked).toBe(0);
  });

  test('several operations in an array', async () => {
    asked = 0;
    const one = { query: '{ products { _id } }' };
    const answer = await post(JSON.stringify([one, one]));
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_REQUEST']]);
    expect(asked).toBe(0);
  });

  test('a form of another page', async () => {
    asked = 0;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect(await post('{"query":"{ products { _id } }"}', { 'content-type': type })).toMatchObject({
        errors: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
    const response = await fetch(`${shop.url}/graphql?query={products{_id}}`);
    expect(response.status).toBe(400);
    expect(asked).toBe(0);
  });
});

const costed = { extensions: { cost: true } };

test.each(readClientOperations(join(import.meta.dirname, '../../contracts/operations')))(
  '$name is far from every limit, on the largest pages too',
  async ({ body, variant }) => {
    const path = variant === 'internal' ? '/internal/graphql' : '/graphql';
    const request = { query: body, variables: { first: 250 }, ...costed };
    const answer = await post(JSON.stringify(request), { 'x-api-key': shop.apiSecret }, path);
    const { estimated = Number.NaN, max = 0 } = answer.extensions?.cost ?? {};
    expect(estimated).toBeGreaterThan(0);
    expect(estimated).toBeLessThan(max / 4);
  },
);

test('a page that shows much at once runs, and tells its cost', async () => {
  const { token } = await registerUser(shop);
  asked = 0;
  const query = `query ($first: Int) {
    products(first: $first) { name images(first: 10) { url } }
    me { username orders(first: 100) { nodes { products { product { name images(first: 10) { url } } } } } }
  }`;
  const body = JSON.stringify({ query, variables: { first: 250 }, ...costed });
  const { errors, data, extensions } = await post(body, { authorization: `Bearer ${token}` });
  expect(errors).toBeUndefined();
  expect(data?.me).toMatchObject({ orders: { nodes: [] } });
  expect(asked).toBeGreaterThan(1);
  const ofOrders = 1 + 1 + 100 * (1 + 10 * (1 + 1 + 10));
  expect(extensions).toEqual({ cost: { estimated: 250 * 11 + ofOrders, max: 100_000 } });
});
