import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminOf, createProduct, registerUser, type User } from './client.ts';
import { environments } from './environments.ts';
import { inParallel, upTo } from './in-parallel.ts';
import { allOrders, type Line, placeOrder, quantityOf, unitsOf, untilAllDecided } from './orders.ts';
import type { ShopProcess } from './shop-process.ts';

const placements = 300;
const connections = 40;
// On brokers, the groups of a killed process wait for its session to run out before they go on.
const decidedWithinMs = 60_000;

describe.each(environments)('kill -9 amid 300 placements, twice, $name', ({ start, end }) => {
  let shop: ShopProcess;
  let user: User;
  let plenty: string;
  let scarce: string;

  beforeAll(async () => {
    shop = await start();
    user = await registerUser(shop);
    plenty = await createProduct(shop, { quantity: 10_000 });
    scarce = await createProduct(shop, { quantity: 150 });
  });
  afterAll(end);

  const linesOf = (n: number): Line[] =>
    n % 2 === 0
      ? [{ _id: scarce, quantity: 1 }]
      : [
          { _id: plenty, quantity: 2 },
          { _id: scarce, quantity: 1 },
        ];

  /** Places every order under its key until the shop dies; gives the ids acknowledged, by key. */
  async function placeAll(onAcknowledged: (count: number) => void): Promise<Map<string, string>> {
    const acknowledged = new Map<string, string>();
    await inParallel(connections, upTo(placements), async (n) => {
      const idempotencyKey = `key-${n}`;
      const order = await placeOrder(user, linesOf(n), { idempotencyKey }).catch(() => null);
      if (order === null) return;
      acknowledged.set(idempotencyKey, order._id);
      onAcknowledged(acknowledged.size);
    });
    return acknowledged;
  }

  test('no acknowledged order is lost, none is there twice, stock adds up', async () => {
    const acknowledged = new Map<string, string>();
    for (const killAfter of [60, 160, Number.POSITIVE_INFINITY]) {
      let killed: Promise<void> | undefined;
      const answers = await placeAll((count) => {
        if (count >= killAfter) killed ??= shop.kill();
      });
      for (const [key, id] of answers) {
        expect(acknowledged.get(key) ?? id).toBe(id);
        acknowledged.set(key, id);
      }
      if (killed === undefined) continue;
      await killed;
      expect(answers.size).toBeLessThan(placements);
      shop = await start(shop.settings);
      const decided = await untilAllDecided(user, decidedWithinMs);
      const ids = new Set(decided.map(({ _id }) => _id));
      for (const id of acknowledged.values()) expect(ids).toContain(id);
    }
    expect(acknowledged.size).toBe(placements);

    const orders = await untilAllDecided(user, decidedWithinMs);
    expect(orders.map(({ _id }) => _id).toSorted()).toEqual([...acknowledged.values()].toSorted());
    for (const { status } of orders) expect(['CONFIRMED', 'REJECTED']).toContain(status);
    expect((await quantityOf(user, scarce)) + unitsOf(scarce, orders)).toBe(150);
    expect((await quantityOf(user, plenty)) + unitsOf(plenty, orders)).toBe(10_000);
    // More is asked for than there is, and nothing else is short.
    expect(unitsOf(scarce, orders)).toBe(150);
    expect(await allOrders(adminOf(shop))).toHaveLength(placements);
  }, 180_000);
});
