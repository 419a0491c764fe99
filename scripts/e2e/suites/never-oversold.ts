import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminOf, type Client, createProduct, registerUser, type ShopAccess, type User } from '../client.ts';
import { inParallel, upTo } from '../in-parallel.ts';
import { type Line, placeOrder, quantityOf, settledQuantity, unitsOf, untilAllDecided } from '../orders.ts';
import type { SuiteShop } from './suite-shop.ts';

const placements = 500;
const stocked = 100;
const connections = 100;

/** 500 concurrent orders for 100 in stock. */
export function neverOversold({ start, end }: SuiteShop): void {
  let shop: ShopAccess;
  let admin: Client;
  let users: User[];

  beforeAll(async () => {
    shop = await start();
    admin = adminOf(shop);
    users = await Promise.all(upTo(5).map(() => registerUser(shop)));
  });
  afterAll(end);

  /** Places all orders at once, and gives those ids and the quantities that a reader saw meanwhile. */
  async function rush(productId: string, linesOf: (n: number) => Line[]) {
    const seen = watchQuantity(admin, productId);
    const placed = await inParallel(connections, upTo(placements), (n) =>
      placeOrder(users[n % users.length]!, linesOf(n)),
    );
    const ids = new Set(placed.map(({ _id }) => _id));
    const orders = (await untilAllDecided(admin)).filter(({ _id }) => ids.has(_id));
    return { orders, seen: await seen.stop() };
  }

  test('one line each: exactly 100 are confirmed', async () => {
    const hot = await createProduct(shop, { quantity: stocked });
    const { orders, seen } = await rush(hot, () => [{ _id: hot, quantity: 1 }]);
    expect(orders).toHaveLength(placements);
    const statuses = Map.groupBy(orders, ({ status }) => status);
    expect(statuses.get('CONFIRMED')).toHaveLength(stocked);
    expect(statuses.get('REJECTED')).toHaveLength(placements - stocked);
    for (const { shortages } of statuses.get('REJECTED') ?? []) {
      expect(shortages).toEqual([{ productId: hot, requested: 1, available: 0 }]);
    }
    expect(await quantityOf(admin, hot)).toBe(0);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);
  });

  test('one line and two lines mixed: what is sold and what is left add up', async () => {
    const hot = await createProduct(shop, { quantity: stocked });
    const plenty = await createProduct(shop, { quantity: 10_000 });
    const { orders, seen } = await rush(hot, (n) =>
      n % 2 === 0
        ? [{ _id: hot, quantity: 1 + (n % 3) }]
        : [
            { _id: plenty, quantity: 2 },
            { _id: hot, quantity: 1 },
          ],
    );
    expect(orders).toHaveLength(placements);
    for (const { status } of orders) expect(['CONFIRMED', 'REJECTED']).toContain(status);
    // The orders of one unit alone ask for more than there is, and `plenty` fails nobody: all of it is sold.
    expect(unitsOf(hot, orders)).toBe(stocked);
    expect(await quantityOf(admin, hot)).toBe(0);
    const left = 10_000 - unitsOf(plenty, orders);
    expect(await settledQuantity(admin, plenty, left)).toBe(left);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);
  });
}

/** Reads a product's quantity again and again until stopped; 60 s at most. */
function watchQuantity(client: Client, productId: string): { stop(): Promise<number[]> } {
  const seen: number[] = [];
  const deadline = Date.now() + 60_000;
  let isStopped = false;
  const watching = (async () => {
    while (!isStopped && Date.now() < deadline) {
      seen.push(await quantityOf(client, productId));
      await sleep(5);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await watching;
      return seen;
    },
  };
}
