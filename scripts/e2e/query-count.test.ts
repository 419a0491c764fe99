import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminOf, createImage, createProduct, registerUser } from './client.ts';
import { inParallel, upTo } from './in-parallel.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';
import { placeOrder, untilAllDecided } from './orders.ts';

let shop: InProcessShop;

beforeAll(async () => {
  shop = await startInProcessShop();
  const users = await Promise.all(upTo(5).map(() => registerUser(shop)));
  const products = await inParallel(10, upTo(120), (n) => createProduct(shop, { name: `product ${n}` }));
  await inParallel(10, products, (productId, n) =>
    createImage(shop, { productId, url: `https://pictures.example/${n}.png` }),
  );
  await inParallel(10, upTo(100), (n) =>
    placeOrder(
      users[n % users.length]!,
      [n, n + 20].map((index) => ({ _id: products[index]!, quantity: 1 })),
    ),
  );
  await untilAllDecided(adminOf(shop));
});
afterAll(() => shop.close());

interface Answered {
  orders: { user: unknown; products: { product: { images: unknown[] } }[] }[];
}

/** The database operations of the query over so many orders; the least of several, since sweeps run beside it. */
async function operationsOver(orders: number): Promise<number> {
  const admin = adminOf(shop);
  const counts: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    shop.databaseCalls.reset();
    const answer = await admin.get<Answered>(
      'query ($first: Int) { orders(first: $first) { products { product { name images { url } } } user { username } } }',
      { first: orders },
    );
    counts.push(shop.databaseCalls.count());
    expect(answer.orders).toHaveLength(orders);
    for (const { user, products } of answer.orders) {
      expect(user).toMatchObject({ username: expect.any(String) });
      expect(products.map(({ product }) => product.images.length)).toEqual([1, 1]);
    }
  }
  return Math.min(...counts);
}

test('orders with products, images and users: as many database operations over 100 orders as over 10', async () => {
  const overTen = await operationsOver(10);
  // One each of orders, products, images and users.
  expect(overTen).toBe(4);
  expect(await operationsOver(100)).toBe(overTen);
});
