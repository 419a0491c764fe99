import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminOf, createClient, createImage, createProduct, registerUser, type User } from '../client.ts';
import { type Forge, type Forgery, openForger } from '../forge-token.ts';
import type { InProcessShop } from '../in-process-shop.ts';
import { countStored } from '../stored.ts';

/** Who may do what, and what proves nothing. */
export function credentials(start: () => Promise<InProcessShop>): void {
  let shop: InProcessShop;
  let user: User;
  let product: string;
  let image: string;
  let forgeFor: Forge;

  beforeAll(async () => {
    shop = await start();
    user = await registerUser(shop);
    product = await createProduct(shop);
    image = await createImage(shop, { productId: product, url: 'https://pictures.example/1.png' });
    forgeFor = await openForger(shop);
  });
  afterAll(() => shop.close());

  const forge = (changes?: Forgery) => forgeFor(user.userId, changes);
  const bearer = (token: string) => createClient(shop.url, { authorization: `Bearer ${token}` });
  const placement = 'mutation ($id: String!) { placeOrder(products: [{ _id: $id, quantity: 1 }]) { _id } }';

  test('the forger forges well: an unchanged token is good', async () => {
    const { me } = await bearer(forge()).get<{ me: { _id: string } | null }>('{ me { _id } }');
    expect(me?._id).toBe(user.userId);
  });

  describe('a token that proves nothing', () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const tokens: [string, () => string][] = [
      ['no token at all', () => 'nonsense'],
      ['three parts of nonsense', () => 'a.b.c'],
      ['signed with another key', () => forge({ key: generateKeyPairSync('ed25519').privateKey })],
      ['of a key that is not published', () => forge({ header: { kid: 'unknown' } })],
      ['unsigned (alg none)', () => forge({ header: { alg: 'none' } })],
      ['signed with the public key as a secret (alg HS256)', () => forge({ header: { alg: 'HS256' } })],
      ['expired', () => forge({ claims: { exp: nowSeconds - 60 } })],
      ['that never expires', () => forge({ claims: { exp: undefined } })],
      ['for another audience', () => forge({ claims: { aud: 'urn:other' } })],
      ['of another issuer', () => forge({ claims: { iss: 'urn:other' } })],
      ['of another kind', () => forge({ header: { typ: 'JWT' } })],
      ['whose subject is not its user', () => forge({ claims: { userId: 'someone-else' } })],
      [
        'that was changed after it was signed',
        () => user.token.replace(/\.(.)/, (_, c) => `.${c === 'e' ? 'f' : 'e'}`),
      ],
    ];
    test.each(tokens)('%s', async (_, make) => {
      const before = await countStored(shop.documents);
      const client = bearer(make());
      for (const [query, variables] of [
        ['{ orders { _id } }', {}],
        [placement, { id: product }],
      ] as const) {
        const { codes, errors } = await client.ask(query, variables);
        expect(codes).toEqual(['UNAUTHENTICATED']);
        expect(errors[0]?.message).toMatch(/log in/i);
      }
      expect(await client.get('{ me { _id } product(id: "none") { _id } }')).toEqual({
        me: null,
        product: null,
      });
      expect(await countStored(shop.documents)).toEqual(before);
    });

    test('expired, as the shop itself issued it', async () => {
      shop.usersClock.offsetMs = -86_400_000;
      const old = await registerUser(shop);
      shop.usersClock.offsetMs = 0;
      const { codes, errors } = await old.ask(placement, { id: product });
      expect(codes).toEqual(['UNAUTHENTICATED']);
      expect(errors[0]?.message).toMatch(/expired/);
      expect(await old.get('{ me { _id } }')).toEqual({ me: null });
    });
  });

  describe('mutations for the admin', () => {
    const mutations = [
      'mutation { createProduct(input: { name: "x", price: 1, quantity: 1 }) { _id } }',
      'mutation { updateProduct(id: "$PRODUCT", input: { name: "y" }) { _id } }',
      'mutation { deleteProduct(id: "$PRODUCT") { _id } }',
      'mutation { adjustStock(id: "$PRODUCT", delta: 1) { _id } }',
      'mutation { createImage(input: { productId: "$PRODUCT", url: "https://pictures.example/2.png" }) { _id } }',
      'mutation { updateImage(id: "$IMAGE", input: { priority: 1 }) { _id } }',
      'mutation { deleteImage(id: "$IMAGE") { _id } }',
    ];
    const callers: [string, string, () => ReturnType<typeof createClient>][] = [
      ['nobody', 'UNAUTHENTICATED', () => createClient(shop.url)],
      ['a wrong key', 'FORBIDDEN', () => createClient(shop.url, { 'x-api-key': 'not the key of the shop' })],
      ['an empty key', 'FORBIDDEN', () => createClient(shop.url, { 'x-api-key': '' })],
      ['a user', 'FORBIDDEN', () => user],
      ['a worthless token', 'UNAUTHENTICATED', () => bearer('nonsense')],
    ];
    test.each(callers)('%s: %s', async (_, code, client) => {
      const before = await countStored(shop.documents);
      for (const mutation of mutations) {
        const query = mutation.replace('$PRODUCT', product).replace('$IMAGE', image);
        const { codes, errors } = await client().ask(query);
        expect([query, ...codes]).toEqual([query, code]);
        expect(errors[0]?.message).toMatch(/x-api-key|log in/i);
      }
      expect(await countStored(shop.documents)).toEqual(before);
    });

    test('the key itself opens them', async () => {
      const { products } = await adminOf(shop).get<{ products: unknown[] }>('{ products { _id } }');
      expect(products).toHaveLength(1);
      await createProduct(shop);
    });
  });

  describe('what is private', () => {
    test("another's e-mail is null; one's own and the admin's sight are not", async () => {
      const { updateProfile } = await user.get<{ updateProfile: unknown }>(
        'mutation { updateProfile(input: { email: "me@mail.example" }) { email } }',
      );
      expect(updateProfile).toEqual({ email: 'me@mail.example' });
      const query = 'query ($id: ID!) { user(id: $id) { email } }';
      const variables = { id: user.userId };
      const other = await registerUser(shop);
      for (const client of [createClient(shop.url), other]) {
        expect(await client.get(query, variables)).toEqual({ user: { email: null } });
      }
      for (const client of [user, adminOf(shop)]) {
        expect(await client.get(query, variables)).toEqual({ user: { email: 'me@mail.example' } });
      }
    });
  });
}
