import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, createProduct, registerUser, type User } from './client.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';
import { placeOrder } from './orders.ts';

let shop: InProcessShop;
let user: User;

beforeAll(async () => {
  shop = await startInProcessShop();
  user = await registerUser(shop);
  await placeOrder(user, [{ _id: await createProduct(shop), quantity: 1 }], { waitMs: 10_000 });
});
afterAll(() => shop.close());

const me = '{ me { _id orders { nodes { status } } } }';
const register = `mutation ($input: RegisterUserInput) {
  registerUser(input: $input) { access_token user { username orders { nodes { status } } } }
}`;

test('what Orders refuses is null with its code, and the user around it stays', async () => {
  const query = 'query ($id: ID!) { user(id: $id) { _id orders { nodes { status } } } }';
  const { data, codes } = await createClient(shop.url).ask(query, { id: user.userId });
  expect(data).toEqual({ user: { _id: user.userId, orders: null } });
  expect(codes).toEqual(['UNAUTHENTICATED']);
});

describe('with Orders stopped', () => {
  beforeAll(async () => {
    const orders = { nodes: [{ status: 'CONFIRMED' }] };
    expect(await user.get(me)).toEqual({ me: { _id: user.userId, orders } });
    await shop.subgraphs.orders.close();
  });

  test('users are still answered, their orders null with one coded error', async () => {
    const { data, codes } = await user.ask(me);
    expect(data).toEqual({ me: { _id: user.userId, orders: null } });
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  });

  test('whoever registers has the account and its token all the same', async () => {
    const input = { username: 'newcomer', password: 'password' };
    const { data, codes } = await createClient(shop.url).ask(register, { input });
    expect(data).toEqual({
      registerUser: { access_token: expect.any(String), user: { username: 'newcomer', orders: null } },
    });
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  });
});
