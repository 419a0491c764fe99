import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminOf, createProduct, registerUser, type ShopAccess, type User } from '../client.ts';
import { inParallel, upTo } from '../in-parallel.ts';
import { placeOrder, quantityOf } from '../orders.ts';
import type { SuiteShop } from './suite-shop.ts';

// 10 products, each bought 50 times by one lane of its own, so that what the next read must show is exact;
// two reads after each purchase make 1,000.
const lanes = 10;
const purchases = 50;

/** What is read after an order is CONFIRMED shows it. */
export function freshness({ start, end }: SuiteShop): void {
  let shop: ShopAccess;
  let user: User;

  beforeAll(async () => {
    shop = await start();
    user = await registerUser(shop);
  });
  afterAll(end);

  async function quantityInList(id: string): Promise<number | undefined> {
    const { products } = await user.get<{ products: { _id: string; quantity: number }[] }>(
      '{ products(first: 250) { _id quantity } }',
    );
    return products.find(({ _id }) => _id === id)?.quantity;
  }

  test('0 of 1,000 are stale, single and list', async () => {
    const products = await Promise.all(upTo(lanes).map(() => createProduct(shop, { quantity: 1_000 })));
    const stale: string[] = [];
    let reads = 0;
    const compare = (read: string, quantity: number | undefined, expected: number) => {
      reads += 1;
      if (quantity !== expected) stale.push(`${read}: ${quantity} instead of ${expected}`);
    };
    await inParallel(lanes, products, async (id) => {
      for (let bought = 1; bought <= purchases; bought += 1) {
        const order = await placeOrder(user, [{ _id: id, quantity: 1 }], { waitMs: 10_000 });
        expect(order.status).toBe('CONFIRMED');
        const [single, listed] = await Promise.all([quantityOf(user, id), quantityInList(id)]);
        compare('product', single, 1_000 - bought);
        compare('products', listed, 1_000 - bought);
      }
    });
    expect(reads).toBe(1_000);
    expect(stale).toEqual([]);
  }, 90_000);

  test('a change by an admin is shown by the next read', async () => {
    const id = await createProduct(shop, { quantity: 5 });
    expect(await quantityOf(user, id)).toBe(5);
    expect(await quantityInList(id)).toBe(5);
    for (let delta = 1; delta <= 20; delta += 1) {
      const before = await quantityOf(user, id);
      await adminOf(shop).get(
        'mutation ($id: ID!, $delta: Int!) { adjustStock(id: $id, delta: $delta) { _id } }',
        {
          id,
          delta,
        },
      );
      expect(await quantityInList(id)).toBe(before + delta);
      expect(await quantityOf(user, id)).toBe(before + delta);
    }
  });
}
