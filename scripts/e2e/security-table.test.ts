import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  createImage,
  createProduct,
  createServiceClient,
  registerUser,
  type User,
} from './client.ts';
import { type Forge, openForger } from './forge-token.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';
import { countStored } from './stored.ts';

/** A row of SECURITY.md's table: what comes of an attempt of those whom it is not for. */
interface Row {
  field: string;
  nobody: string;
  anotherUser: string;
  serverWithoutScope: string;
}

const security = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
const table = security.slice(
  security.indexOf('## Who can do what'),
  security.indexOf('## What we defend against'),
);
const rows: Row[] = [...table.matchAll(/^\| `([\w.]+)` \|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, field = '', nobody = '', anotherUser = '', serverWithoutScope = '']) => ({
    field,
    nobody: nobody.trim(),
    anotherUser: anotherUser.trim(),
    serverWithoutScope: serverWithoutScope.trim(),
  }),
);

interface Attempt {
  query: string;
  /** What of the answer nobody else may see. */
  secret: (data: Record<string, Record<string, unknown> | null>) => unknown;
  isInternal?: boolean;
}

const first = (data: Record<string, unknown>) => Object.values(data)[0];
const whole = (query: string): Attempt => ({ query, secret: first });

/** An attempt at each field of the table; $user and so on stand for what belongs to somebody else. */
const attempts: Record<string, Attempt> = {
  'Query.me': whole('{ me { _id } }'),
  'User.email': { query: '{ user(id: "$user") { email } }', secret: ({ user }) => user?.email },
  'User.orders': {
    query: '{ user(id: "$user") { orders { nodes { _id } } } }',
    secret: ({ user }) => user?.orders,
  },
  'Mutation.updateProfile': whole('mutation { updateProfile(input: { displayName: "x" }) { _id } }'),
  'Mutation.changePassword': whole(
    'mutation { changePassword(input: { currentPassword: "wrong-one", newPassword: "another-1" }) { _id } }',
  ),
  'Query.orders': whole('{ orders { _id } }'),
  'Query.order': whole('{ order(id: "$order") { _id } }'),
  'Mutation.placeOrder': whole('mutation { placeOrder(products: []) { _id } }'),
  'Mutation.cancelOrder': whole('mutation { cancelOrder(id: "$order") { _id } }'),
  'Query.catalog': whole('{ catalog(status: INACTIVE) { nodes { _id } } }'),
  'Mutation.createProduct': whole(
    'mutation { createProduct(input: { name: "x", price: 1, quantity: 1 }) { _id } }',
  ),
  'Mutation.updateProduct': whole('mutation { updateProduct(id: "$product", input: { name: "y" }) { _id } }'),
  'Mutation.deleteProduct': whole('mutation { deleteProduct(id: "$product") { _id } }'),
  'Mutation.adjustStock': whole('mutation { adjustStock(id: "$product", delta: 1) { _id } }'),
  'Mutation.createImage': whole(
    'mutation { createImage(input: { productId: "$product", url: "https://pictures.example/2" }) { _id } }',
  ),
  'Mutation.updateImage': whole('mutation { updateImage(id: "$image", input: { priority: 1 }) { _id } }'),
  'Mutation.deleteImage': whole('mutation { deleteImage(id: "$image") { _id } }'),
  'Query.serviceClients': whole('{ serviceClients { _id } }'),
  'Mutation.createServiceClient': whole(
    'mutation { createServiceClient(input: { name: "x", scopes: ["internal"] }) { secret } }',
  ),
  'Mutation.rotateServiceClientSecret': whole(
    'mutation { rotateServiceClientSecret(id: "$client") { secret } }',
  ),
  'Mutation.revokeServiceClient': whole('mutation { revokeServiceClient(id: "$client") { _id } }'),
  'Product.inventory': {
    query: '{ product(id: "$product") { inventory { sold } } }',
    secret: (data) => data.product,
    isInternal: true,
  },
};

describe('SECURITY.md says who can do what', () => {
  let shop: InProcessShop;
  let owner: User;
  let forge: Forge;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    shop = await startInProcessShop();
    owner = await registerUser(shop);
    forge = await openForger(shop);
    const product = await createProduct(shop);
    const image = await createImage(shop, { productId: product, url: 'https://pictures.example/1' });
    const { client } = await createServiceClient(shop, ['internal']);
    await owner.get('mutation { updateProfile(input: { email: "owner@mail.example" }) { _id } }');
    const { placeOrder } = await owner.get<{ placeOrder: { _id: string } }>(
      'mutation ($id: String!) { placeOrder(products: [{ _id: $id, quantity: 1 }], waitMs: 10000) { _id } }',
      { id: product },
    );
    Object.assign(ids, { user: owner.userId, order: placeOrder._id, product, image, client: client._id });
  });
  afterAll(() => shop.close());

  /** A code, or what is there in place of what was asked for. */
  async function outcomeOf({ query, secret, isInternal }: Attempt, headers: Record<string, string>) {
    const client: Client = createClient(isInternal ? `${shop.url}/internal` : shop.url, headers);
    const text = query.replace(/\$(\w+)/g, (_, name) => ids[name] ?? name);
    const { data, codes } = await client.ask<Parameters<Attempt['secret']>[0] | null>(text);
    const found = data ? (secret(data) ?? null) : null;
    if (codes.length > 0) return found === null ? codes.join(' ') : `${codes.join(' ')}, and data`;
    if (isOfAnother(found)) return 'their own';
    return Array.isArray(found) && found.length === 0 ? 'an empty list' : JSON.stringify(found);
  }

  /** What the field answers is the caller's, and the caller is not whose it was asked for. */
  function isOfAnother(found: unknown): boolean {
    const id = typeof found === 'object' && found !== null && '_id' in found ? found._id : undefined;
    return id !== undefined && !Object.values(ids).includes(String(id));
  }

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const worthless: [string, () => Record<string, string>][] = [
    ['no token', () => ({})],
    ['an expired one', () => bearer(forge(owner.userId, { claims: { iat: 1, exp: nowSeconds - 60 } }))],
    ["another issuer's", () => bearer(forge(owner.userId, { claims: { iss: 'urn:other' } }))],
    [
      "another issuer's, by its own key",
      () => bearer(forge(owner.userId, { key: generateKeyPairSync('ed25519').privateKey })),
    ],
    ['alg none', () => bearer(forge(owner.userId, { header: { alg: 'none' } }))],
    ['HS256 signed with the public key', () => bearer(forge(owner.userId, { header: { alg: 'HS256' } }))],
    ['another audience', () => bearer(forge(owner.userId, { claims: { aud: 'urn:other' } }))],
  ];

  test('the table and the attempts of this test name the same fields', () => {
    expect(rows.map(({ field }) => field).toSorted()).toEqual(Object.keys(attempts).toSorted());
  });

  test('what the attempts ask for is there: its owner, or the admin, gets it', async () => {
    expect(await outcomeOf(attempts['User.email']!, bearer(owner.token))).toBe('"owner@mail.example"');
    expect(await outcomeOf(attempts['Query.order']!, bearer(forge(owner.userId)))).toContain(ids.order);
    const admin = { 'x-api-key': shop.apiSecret };
    for (const field of ['Query.catalog', 'Query.serviceClients', 'Product.inventory', 'Query.orders'])
      expect(await outcomeOf(attempts[field]!, admin)).not.toMatch(/^(null|[A-Z_]+)$/);
  });

  test.each(rows)('$field: with a token that proves nothing, $nobody', async ({ field, nobody }) => {
    const before = await countStored(shop.documents);
    for (const [what, headers] of worthless)
      expect([what, await outcomeOf(attempts[field]!, headers())]).toEqual([what, nobody]);
    expect(await countStored(shop.documents)).toEqual(before);
  });

  test.each(rows)('$field: another user, $anotherUser', async ({ field, anotherUser }) => {
    const { token } = await registerUser(shop);
    expect(await outcomeOf(attempts[field]!, bearer(token))).toBe(anotherUser);
  });

  test.each(rows)(
    '$field: a server without the scope, $serverWithoutScope',
    async ({ field, serverWithoutScope }) => {
      const scope = field === 'User.email' ? 'products:read' : 'users:read';
      const { client, secret } = await createServiceClient(shop, [scope]);
      const response = await fetch(`${shop.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: client._id,
          client_secret: secret,
        }),
      });
      const { access_token } = (await response.json()) as { access_token: string };
      expect(await outcomeOf(attempts[field]!, bearer(access_token))).toBe(serverWithoutScope);
    },
  );
});
