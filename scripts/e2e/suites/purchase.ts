import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProduct, registerUser, type ShopAccess, type User } from '../client.ts';
import { cancelOrder, placeOrder, quantityOf, readOrder, settledQuantity } from '../orders.ts';
import type { SuiteShop } from './suite-shop.ts';

const waitMs = 10_000;

/** What an order does to its stock, and what it answers. */
export function purchase({ start, end }: SuiteShop): void {
  let shop: ShopAccess;
  let user: User;

  beforeAll(async () => {
    shop = await start();
    user = await registerUser(shop);
  });
  afterAll(end);

  test('an order is confirmed at the prices of the moment, and takes its stock', async () => {
    const tea = await createProduct(shop, { price: 250, quantity: 10 });
    const cup = await createProduct(shop, { price: 900, quantity: 4 });
    const lines = [
      { _id: tea, quantity: 3 },
      { _id: cup, quantity: 1 },
    ];
    const order = await placeOrder(user, lines, { waitMs });
    expect(order).toMatchObject({
      status: 'CONFIRMED',
      total: 3 * 250 + 900,
      products: [
        { _id: tea, quantity: 3, unitPrice: 250 },
        { _id: cup, quantity: 1, unitPrice: 900 },
      ],
      shortages: null,
    });
    expect(await readOrder(user, order._id)).toEqual(order);
    expect(await quantityOf(user, tea)).toBe(7);
    expect(await quantityOf(user, cup)).toBe(3);
  });

  test('the same product twice is one line', async () => {
    const tea = await createProduct(shop);
    const order = await placeOrder(
      user,
      [2, 3].map((quantity) => ({ _id: tea, quantity })),
      { waitMs },
    );
    expect(order.products).toMatchObject([{ _id: tea, quantity: 5 }]);
    expect(await quantityOf(user, tea)).toBe(5);
  });

  test('a cancelled order gives its stock back, once', async () => {
    const tea = await createProduct(shop, { quantity: 10 });
    const order = await placeOrder(user, [{ _id: tea, quantity: 4 }], { waitMs });
    expect(await quantityOf(user, tea)).toBe(6);
    expect(await cancelOrder(user, order._id)).toMatchObject({ status: 'CANCELLED' });
    expect(await settledQuantity(user, tea, 10)).toBe(10);
    await expect(cancelOrder(user, order._id)).rejects.toThrow('ORDER_NOT_CANCELLABLE');
    expect(await readOrder(user, order._id)).toMatchObject({ status: 'CANCELLED' });
    expect(await quantityOf(user, tea)).toBe(10);
  });

  test('a shortage rejects the whole order and takes nothing', async () => {
    const scarce = await createProduct(shop, { quantity: 2 });
    const plenty = await createProduct(shop, { quantity: 100 });
    const lines = [
      { _id: plenty, quantity: 10 },
      { _id: scarce, quantity: 3 },
    ];
    expect(await placeOrder(user, lines, { waitMs })).toMatchObject({
      status: 'REJECTED',
      total: null,
      shortages: [{ productId: scarce, requested: 3, available: 2 }],
    });
    expect(await quantityOf(user, scarce)).toBe(2);
    expect(await quantityOf(user, plenty)).toBe(100);
  });

  test('a product that does not exist, or is not on sale, is a shortage of available 0', async () => {
    const hidden = await createProduct(shop, { quantity: 5, status: 'INACTIVE' });
    for (const id of ['no-such-product', hidden]) {
      expect(await placeOrder(user, [{ _id: id, quantity: 1 }], { waitMs })).toMatchObject({
        status: 'REJECTED',
        shortages: [{ productId: id, requested: 1, available: 0 }],
      });
    }
    expect(await quantityOf(user, hidden)).toBe(5);
  });

  test('an idempotency key orders once, and belongs to its products', async () => {
    const tea = await createProduct(shop);
    const options = { waitMs, idempotencyKey: 'once' };
    const orders = await Promise.all(
      [1, 2, 3].map(() => placeOrder(user, [{ _id: tea, quantity: 2 }], options)),
    );
    expect(new Set(orders.map(({ _id }) => _id)).size).toBe(1);
    await expect(placeOrder(user, [{ _id: tea, quantity: 3 }], options)).rejects.toThrow(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(await quantityOf(user, tea)).toBe(8);
  });
}
