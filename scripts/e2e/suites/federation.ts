import type { IntrospectionQuery } from 'graphql';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  adminOf,
  createClient,
  createImage,
  createProduct,
  registerUser,
  type ShopAccess,
  type User,
} from '../client.ts';
import { placeOrder } from '../orders.ts';
import type { SuiteShop } from './suite-shop.ts';

/** What joins the subgraphs to one graph. */
export function federation({ start, end }: SuiteShop): void {
  let shop: ShopAccess;
  let user: User;
  let tea: string;
  let picture: string;
  let orderId: string;

  beforeAll(async () => {
    shop = await start();
    user = await registerUser(shop);
    tea = await createProduct(shop, { name: 'tea', price: 5, quantity: 10 });
    picture = await createImage(shop, {
      productId: tea,
      url: 'https://pictures.example/tea.png',
      priority: 7,
    });
    orderId = (await placeOrder(user, [{ _id: tea, quantity: 2 }], { waitMs: 10_000 }))._id;
  });
  afterAll(end);

  test('an order joins its user and its products, and those their images', async () => {
    const { me } = await user.get<{ me: { username: string } }>('{ me { username } }');
    expect(
      await user.get(
        'query ($id: ID!) { order(id: $id) { total user { username } products { product { name images { url priority } } } } }',
        { id: orderId },
      ),
    ).toEqual({
      order: {
        total: 10,
        user: me,
        products: [
          { product: { name: 'tea', images: [{ url: 'https://pictures.example/tea.png', priority: 7 }] } },
        ],
      },
    });
  });

  test('an image joins its product; one whose product is gone has none', async () => {
    const orphan = await createImage(shop, { productId: 'gone', url: 'https://pictures.example/gone.png' });
    const query = 'query ($id: ID!) { image(id: $id) { productId product { name quantity } } }';
    const client = createClient(shop.url);
    expect(await client.get(query, { id: picture })).toEqual({
      image: { productId: tea, product: { name: 'tea', quantity: 8 } },
    });
    expect(await client.get(query, { id: orphan })).toEqual({ image: { productId: 'gone', product: null } });
  });

  test("a user's orders are for the user and the admin", async () => {
    const query = 'query ($id: ID!) { user(id: $id) { username orders { nodes { _id total } } } }';
    const variables = { id: user.userId };
    const nodes = [{ _id: orderId, total: 10 }];
    for (const client of [user, adminOf(shop)]) {
      expect(await client.get(query, variables)).toMatchObject({ user: { orders: { nodes } } });
    }
    expect(await user.get('{ me { orders(status: CANCELLED) { nodes { _id } } } }')).toEqual({
      me: { orders: { nodes: [] } },
    });
    const other = await registerUser(shop);
    expect((await other.ask(query, variables)).codes).toEqual(['FORBIDDEN']);
    expect((await createClient(shop.url).ask(query, variables)).codes).toEqual(['UNAUTHENTICATED']);
  });

  test('a shortage joins its product; one that does not exist has none', async () => {
    const lines = [
      { _id: tea, quantity: 1_000 },
      { _id: 'nothing', quantity: 1 },
    ];
    const { _id } = await placeOrder(user, lines, { waitMs: 10_000 });
    const { order } = await user.get<{ order: { shortages: unknown[] } }>(
      'query ($id: ID!) { order(id: $id) { shortages { productId product { name } } } }',
      { id: _id },
    );
    expect(order.shortages).toEqual([
      { productId: tea, product: { name: 'tea' } },
      { productId: 'nothing', product: null },
    ]);
  });

  test('the catalog pages and searches through the router, with images', async () => {
    await createProduct(shop, { name: 'Green tea, loose' });
    const query = `query ($after: String) {
    catalog(first: 1, after: $after, search: "te", sort: NAME) {
      nodes { name images { url } } pageInfo { hasNextPage endCursor }
    }
  }`;
    interface Page {
      catalog: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    }
    const client = createClient(shop.url);
    const first = await client.get<Page>(query);
    expect(first.catalog).toMatchObject({
      nodes: [{ name: 'Green tea, loose', images: [] }],
      pageInfo: { hasNextPage: true },
    });
    const second = await client.get<Page>(query, { after: first.catalog.pageInfo.endCursor });
    expect(second.catalog).toMatchObject({ nodes: [{ name: 'tea' }], pageInfo: { hasNextPage: false } });
  });

  test('introspection through the router describes every type, field, argument and value', async () => {
    const schema = (
      await createClient(shop.url).get<IntrospectionQuery & Record<string, unknown>>(getIntrospectionQuery())
    ).__schema;
    const undescribed: string[] = [];
    const check = (name: string, described: { description?: string | null | undefined }) => {
      if (!described.description) undescribed.push(name);
    };
    for (const type of schema.types.filter(({ name }) => !name.startsWith('__'))) {
      check(type.name, type);
      if (type.kind === 'OBJECT') {
        for (const field of type.fields) {
          check(`${type.name}.${field.name}`, field);
          for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument);
        }
      }
      if (type.kind === 'INPUT_OBJECT') {
        for (const field of type.inputFields) check(`${type.name}.${field.name}`, field);
      }
      if (type.kind === 'ENUM') {
        for (const value of type.enumValues) check(`${type.name}.${value.name}`, value);
      }
    }
    expect(undescribed).toEqual([]);
    expect(schema.types.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['User', 'Product', 'Order', 'Image']),
    );
  });
}
