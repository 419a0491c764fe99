import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Order } from './order.ts';
import type { OrderSelection } from './order-store.ts';
import { createUserOrdersLoader } from './user-orders.ts';

function orderOf(userId: string, n: number): Order {
  const at = new Date(0);
  const _id = String(n).padStart(6, '0');
  return { _id, userId, status: 'PENDING', lines: [], createdAt: at, updatedAt: at, expiresAt: at };
}

/** A store over an array, which remembers its queries. */
function storeOf(orders: Order[]) {
  const queries: { users: number; limit: number; rows: number }[] = [];
  const list = async ({ userIds, before }: OrderSelection, limit: number) => {
    const rows = orders
      .filter((order) => userIds?.includes(order.userId) && (before === undefined || order._id < before))
      .sort((a, b) => (a._id < b._id ? 1 : -1))
      .slice(0, limit);
    queries.push({ users: userIds?.length ?? 0, limit, rows: rows.length });
    return rows;
  };
  return { list, queries };
}

const page = { before: undefined, status: undefined };

test('gives every user the page that a query of their own would give, in no more queries than users', async () => {
  const owners = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(owners, fc.integer({ min: 1, max: 6 }), async (userIds, first) => {
      const orders = userIds.map(orderOf);
      const store = storeOf(orders);
      const loader = createUserOrdersLoader(store);
      const users = ['a', 'b', 'c', 'd', 'e', 'nobody'];
      const pages = await Promise.all(users.map((userId) => loader.load({ userId, first, ...page })));
      const expected = users.map((userId) =>
        orders
          .filter((order) => order.userId === userId)
          .toReversed()
          .slice(0, first + 1),
      );
      expect(pages).toEqual(expected);
      expect(store.queries.length).toBeLessThanOrEqual(users.length);
      for (const { users: asked, limit } of store.queries) expect(limit).toBe(asked * (first + 1));
    }),
  );
});

test('pages of other arguments are queries of their own, and one page is read once', async () => {
  const store = storeOf([orderOf('a', 1), orderOf('a', 2), orderOf('a', 3)]);
  const loader = createUserOrdersLoader(store);
  const [two, one, again] = await Promise.all([
    loader.load({ userId: 'a', first: 2, ...page }),
    loader.load({ userId: 'a', first: 2, ...page, before: '000002' }),
    loader.load({ userId: 'a', first: 2, ...page }),
  ]);
  expect(two.map((order) => order._id)).toEqual(['000003', '000002', '000001']);
  expect(one.map((order) => order._id)).toEqual(['000001']);
  expect(again).toBe(two);
  expect(store.queries.length).toBe(2);
});

test('splits many users with large pages, so that no query reads more than 5,000 rows', async () => {
  const store = storeOf([]);
  const loader = createUserOrdersLoader(store);
  const users = Array.from({ length: 250 }, (_, n) => `user-${n}`);
  await Promise.all(users.map((userId) => loader.load({ userId, first: 250, ...page })));
  await Promise.all(users.map((userId) => loader.load({ userId, first: 1, ...page })));
  expect(Math.max(...store.queries.map(({ limit }) => limit))).toBeLessThanOrEqual(5_000);
  expect(Math.max(...store.queries.map((query) => query.users))).toBeLessThanOrEqual(200);
  expect(store.queries.length).toBe(Math.ceil(250 / 19) + 2);
});
