import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProduct, registerUser, type ShopAccess, type User } from '../client.ts';
import { inParallel, timed, upTo } from '../in-parallel.ts';
import { placeOrder, untilAllDecided } from '../orders.ts';
import type { SuiteShop } from './suite-shop.ts';

const waitMs = 10_000;

/** How long `placeOrder` waits for the decision. */
export function waiting({ start, end }: SuiteShop): void {
  let shop: ShopAccess;
  let user: User;
  let plenty: string;

  beforeAll(async () => {
    shop = await start();
    user = await registerUser(shop);
    plenty = await createProduct(shop, { quantity: 10_000 });
    await placeOrder(user, [{ _id: plenty, quantity: 1 }], { waitMs });
  });
  afterAll(end);

  test('0: answered at once, as PENDING', async () => {
    const orders = await inParallel(5, upTo(20), () => placeOrder(user, [{ _id: plenty, quantity: 1 }]));
    for (const { status } of orders) expect(status).toBe('PENDING');
    await untilAllDecided(user);
  });

  test.each([
    ['confirmed', 1, 'CONFIRMED'],
    ['rejected', 10_000, 'REJECTED'],
  ])('answered as soon as the order is %s, not when the time is up', async (_, quantity, status) => {
    for (let i = 0; i < 5; i += 1) {
      const { value, tookMs } = await timed(() => placeOrder(user, [{ _id: plenty, quantity }], { waitMs }));
      expect(value.status).toBe(status);
      expect(tookMs).toBeLessThan(waitMs / 4);
    }
  });

  test('many wait at the same time, and each gets its own order', async () => {
    const orders = await inParallel(50, upTo(50), (n) =>
      placeOrder(user, [{ _id: plenty, quantity: n + 1 }], { waitMs }),
    );
    expect(orders.map(({ status }) => status)).toEqual(upTo(50).map(() => 'CONFIRMED'));
    expect(orders.map(({ products }) => products[0]?.quantity)).toEqual(upTo(50).map((n) => n + 1));
  });

  test('the same idempotency key, asked again later, waits too', async () => {
    const lines = [{ _id: plenty, quantity: 1 }];
    const first = await placeOrder(user, lines, { idempotencyKey: 'wait-later' });
    const again = await placeOrder(user, lines, { idempotencyKey: 'wait-later', waitMs });
    expect(again).toMatchObject({ _id: first._id, status: 'CONFIRMED' });
  });
}
