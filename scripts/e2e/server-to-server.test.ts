import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminOf, createClient, createProduct, createServiceClient, registerUser } from './client.ts';
import { environments } from './environments.ts';
import { startInProcessShop } from './in-process-shop.ts';
import type { ShopProcess } from './shop-process.ts';

interface TokenAnswer {
  access_token: string;
  error?: string;
  scope?: string;
}

describe.each(environments)('another server, $name', ({ start, end }) => {
  let shop: ShopProcess;
  beforeAll(async () => {
    shop = await start();
  });
  afterAll(end);

  async function askForToken(form: Record<string, string>, authorization?: string) {
    const response = await fetch(`${shop.url}/oauth/token`, {
      method: 'POST',
      headers: authorization ? { authorization } : {},
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as TokenAnswer,
    };
  }

  const basicOf = (id: string, secret: string) =>
    `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

  async function clientWith(scopes: string[]) {
    const { client, secret } = await createServiceClient(shop, scopes);
    const { body } = await askForToken({}, basicOf(client._id, secret));
    const headers = { authorization: `Bearer ${body.access_token}` };
    return { ...createClient(shop.url, headers), internal: createClient(`${shop.url}/internal`, headers) };
  }

  test('finds its way from the metadata to a token, and to the keys that signed it', async () => {
    const at = `${shop.url}/.well-known/oauth-authorization-server`;
    const metadata = (await (await fetch(at)).json()) as Record<string, string>;
    expect(metadata).toMatchObject({ issuer: shop.url, token_endpoint: `${shop.url}/oauth/token` });
    const { client, secret } = await createServiceClient(shop, ['orders:read', 'internal']);
    const credentials = { client_id: client._id, client_secret: secret };
    const { status, headers, body } = await askForToken({ ...credentials, scope: 'internal' });
    expect([status, body.scope, headers.get('cache-control')]).toEqual([200, 'internal', 'no-store']);
    const keys = (await (await fetch(metadata.jwks_uri ?? '')).json()) as {
      keys: { kid: string; d?: string }[];
    };
    const { kid } = JSON.parse(Buffer.from(body.access_token.split('.')[0] ?? '', 'base64url').toString());
    expect(keys.keys.map((key) => key.kid)).toContain(kid);
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  test('reads the orders of all users and their emails, and cancels, by its scopes alone', async () => {
    const user = await registerUser(shop);
    await user.get('mutation { updateProfile(input: { email: "ann@example.org" }) { _id } }');
    const id = await createProduct(shop, { quantity: 7 });
    const { placeOrder } = await user.get<{ placeOrder: { _id: string } }>(
      `mutation ($id: String!) { placeOrder(products: [{ _id: $id, quantity: 2 }], waitMs: 10000) { _id } }`,
      { id },
    );
    const order = 'query ($id: ID!) { order(id: $id) { userId user { email } } }';
    const reader = await clientWith(['orders:read', 'users:read']);
    expect(await reader.get(order, { id: placeOrder._id })).toEqual({
      order: { userId: user.userId, user: { email: 'ann@example.org' } },
    });
    const { user: withOrders } = await reader.get<{ user: { orders: { nodes: unknown[] } } }>(
      'query ($id: ID!) { user(id: $id) { orders { nodes { _id } } } }',
      { id: user.userId },
    );
    expect(withOrders.orders.nodes).toEqual([{ _id: placeOrder._id }]);
    const cancel = 'mutation ($id: ID!) { cancelOrder(id: $id) { status } }';
    expect((await reader.ask(cancel, { id: placeOrder._id })).codes).toEqual(['FORBIDDEN']);
    const writer = await clientWith(['orders:write']);
    expect((await writer.ask(order, { id: placeOrder._id })).codes).toEqual(['FORBIDDEN']);
    expect(await writer.get(cancel, { id: placeOrder._id })).toEqual({
      cancelOrder: { status: 'CANCELLED' },
    });
  });

  test('manages products and images with products:write', async () => {
    const create = 'mutation ($input: CreateProductInput) { createProduct(input: $input) { _id } }';
    const input = { name: 'tea', price: 5, quantity: 1, status: 'INACTIVE' };
    const reader = await clientWith(['products:read']);
    expect((await reader.ask(create, { input })).codes).toEqual(['FORBIDDEN']);
    const writer = await clientWith(['products:write']);
    const { createProduct: made } = await writer.get<{ createProduct: { _id: string } }>(create, { input });
    await writer.get('mutation ($input: CreateImageInput!) { createImage(input: $input) { _id } }', {
      input: { productId: made._id, url: 'https://pictures.example/tea.png' },
    });
    const inactive = '{ catalog(status: INACTIVE) { nodes { _id } } }';
    expect((await writer.ask(inactive)).codes).toEqual(['FORBIDDEN']);
    const { catalog } = await reader.get<{ catalog: { nodes: unknown[] } }>(inactive);
    expect(catalog.nodes).toContainEqual({ _id: made._id });
  });

  test('asks the internal graph with the scope internal, and with no other', async () => {
    const id = await createProduct(shop, { quantity: 7 });
    const stock = 'query ($id: ID!) { product(id: $id) { inventory { available } } }';
    const inside = await clientWith(['internal']);
    expect(await inside.internal.get(stock, { id })).toEqual({ product: { inventory: { available: 7 } } });
    expect((await inside.ask(stock, { id })).codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const every = ['products:read', 'products:write', 'orders:read', 'orders:write', 'users:read'];
    const outside = await clientWith(every);
    const refused = await outside.internal.ask(stock, { id });
    expect([refused.codes, refused.data]).toEqual([['FORBIDDEN'], undefined]);
  });

  test('makes no other clients, is no user, and gets nothing once it is revoked', async () => {
    const { client, secret } = await createServiceClient(shop, ['internal']);
    const { body } = await askForToken({}, basicOf(client._id, secret));
    const server = createClient(shop.url, { authorization: `Bearer ${body.access_token}` });
    expect((await server.ask('{ serviceClients { _id } }')).codes).toEqual(['FORBIDDEN']);
    expect(await server.get('{ me { _id } }')).toEqual({ me: null });
    await adminOf(shop).get('mutation ($id: ID!) { revokeServiceClient(id: $id) { _id } }', {
      id: client._id,
    });
    const refused = await askForToken({}, basicOf(client._id, secret));
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /);
  });
});

test('with Users away no token is to be had for now, and those that were issued go on', async () => {
  const shop = await startInProcessShop();
  const { client, secret } = await createServiceClient(shop, ['internal']);
  const ask = () =>
    fetch(`${shop.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client._id,
        client_secret: secret,
      }),
    });
  const { access_token: token } = (await (await ask()).json()) as TokenAnswer;
  const internal = createClient(`${shop.url}/internal`, { authorization: `Bearer ${token}` });
  const id = await createProduct(shop, { quantity: 7 });
  const stock = 'query ($id: ID!) { product(id: $id) { inventory { available } } }';
  const known = { product: { inventory: { available: 7 } } };
  expect(await internal.get(stock, { id })).toEqual(known);
  await shop.subgraphs.users.close();
  const away = await ask();
  expect([away.status, await away.json()]).toEqual([
    503,
    { error: 'temporarily_unavailable', error_description: expect.any(String) },
  ]);
  expect(away.headers.get('retry-after')).toBe('1');
  expect((await fetch(`${shop.url}/.well-known/jwks.json`)).status).toBe(503);
  expect((await fetch(`${shop.url}/.well-known/oauth-authorization-server`)).status).toBe(200);
  expect(await internal.get(stock, { id })).toEqual(known);
  await shop.close();
});
