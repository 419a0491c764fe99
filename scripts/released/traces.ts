import { expect } from 'vitest';
import { adminOf, createClient, createImage, createProduct, type ShopAccess } from '../e2e/client.ts';
import type { InProcessShop } from '../e2e/in-process-shop.ts';
import {
  cancelOrder,
  type Order,
  placeOrder,
  quantityOf,
  readOrder,
  settledQuantity,
  untilAllDecided,
} from '../e2e/orders.ts';

/** What one use of a shop left in every database and in the log of events. */
export interface Traces {
  username: string;
  password: string;
  token: string;
  product: string;
  image: string;
  confirmed: Order;
  /** The _id of an order that was placed while Products was stopped; who decided it, cancelled it. */
  undecided: string;
}

const waitMs = 10_000;
const stocked = 20;
const bought = 3;
const line = (product: string) => ({ _id: product, quantity: bought });

/**
 * Registers, stocks a product with a picture, orders it, stops Products, and leaves one order to be decided by the
 * Products that comes next.
 */
export async function leaveTraces(shop: InProcessShop, username: string): Promise<Traces> {
  const password = 'password';
  const { registerUser } = await createClient(shop.url).get<{ registerUser: { access_token: string } }>(
    `mutation ($input: RegisterUserInput) { registerUser(input: $input) { access_token } }`,
    { input: { username, password } },
  );
  const token = registerUser.access_token;
  const user = createClient(shop.url, { authorization: `Bearer ${token}` });
  const product = await createProduct(shop, { name: `${username} tea`, quantity: stocked });
  const image = await createImage(shop, {
    productId: product,
    url: `https://pictures.example/${username}.png`,
  });
  const confirmed = await placeOrder(user, [line(product)], { waitMs, idempotencyKey: 'confirmed' });
  expect(confirmed.status).toBe('CONFIRMED');
  await shop.subgraphs.products.close();
  const { _id: undecided } = await placeOrder(user, [line(product)]);
  return { username, password, token, product, image, confirmed, undecided };
}

/** All of it is there, and what it began can be gone on with: by the account, the stock, the picture, the orders. */
export async function expectToGoOn(shop: ShopAccess, traces: Traces): Promise<void> {
  await expectAccount(shop, traces);
  await expectOrders(shop, traces);
  await expectCatalogue(shop, traces);
}

async function expectAccount(shop: ShopAccess, { username, password, token }: Traces): Promise<void> {
  const { login } = await createClient(shop.url).get<{ login: { access_token: string } }>(
    `mutation ($input: LoginInput!) { login(input: $input) { access_token } }`,
    { input: { username, password } },
  );
  // The token of then, signed with the key of then, and a fresh one.
  for (const each of [token, login.access_token]) {
    const user = createClient(shop.url, { authorization: `Bearer ${each}` });
    expect(await user.get('{ me { username } }')).toEqual({ me: { username } });
  }
}

async function expectOrders(
  shop: ShopAccess,
  { token, confirmed, undecided, product }: Traces,
): Promise<void> {
  const user = createClient(shop.url, { authorization: `Bearer ${token}` });
  await untilAllDecided(user);
  const again = await placeOrder(user, [line(product)], { idempotencyKey: 'confirmed' });
  expect(again).toEqual(confirmed);
  const status = (await readOrder(user, undecided))?.status;
  expect(['CONFIRMED', 'CANCELLED']).toContain(status);
  if (status === 'CANCELLED') return;
  const quantity = await quantityOf(user, product);
  await cancelOrder(user, undecided);
  expect(await settledQuantity(user, product, quantity + bought)).toBe(quantity + bought);
}

async function expectCatalogue(shop: ShopAccess, { product, image, username }: Traces): Promise<void> {
  const admin = adminOf(shop);
  const quantity = await quantityOf(admin, product);
  await admin.get('mutation ($id: ID!) { adjustStock(id: $id, delta: 1) { _id } }', { id: product });
  expect(await quantityOf(admin, product)).toBe(quantity + 1);
  const priority = quantity;
  await admin.get(
    'mutation ($id: ID!, $input: UpdateImageInput!) { updateImage(id: $id, input: $input) { _id } }',
    { id: image, input: { priority } },
  );
  const found = await admin.get(
    'query ($search: String) { catalog(search: $search) { nodes { _id images { _id priority } } } }',
    { search: `${username} te` },
  );
  expect(found).toEqual({ catalog: { nodes: [{ _id: product, images: [{ _id: image, priority }] }] } });
}
