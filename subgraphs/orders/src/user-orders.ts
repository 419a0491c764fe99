import DataLoader from 'dataloader';
import type { Order, OrderStatus } from './order.ts';
import type { OrderStore } from './order-store.ts';

/** One user's page: up to `first` orders, and one more that tells that there is a next page. */
export interface UserOrdersKey {
  userId: string;
  first: number;
  before: string | undefined;
  status: OrderStatus | undefined;
}

export type UserOrdersLoader = DataLoader<UserOrdersKey, Order[], string>;

/** No query reads more than this, whatever the number of users and the size of their pages. */
const maxRows = 5_000;
// MongoDB merges the index ranges of up to 200 users in order of _id; more of them it would sort in memory
// (its parameter internalQueryMaxScansToExplode).
const maxUsers = 200;

/** The pages of orders of many users, for one request: users asked about with equal arguments share queries. */
export function createUserOrdersLoader(store: Pick<OrderStore, 'list'>): UserOrdersLoader {
  return new DataLoader(
    async (keys: readonly UserOrdersKey[]) => {
      const pages = new Map<string, Order[]>();
      for (const users of groupsOf(keys)) {
        for (const [userId, page] of await pagesOf(store, users)) {
          pages.set(cacheKeyOf({ ...users[0]!, userId }), page);
        }
      }
      return keys.map((key) => pages.get(cacheKeyOf(key)) ?? []);
    },
    { cacheKeyFn: cacheKeyOf, maxBatchSize: 1_000 },
  );
}

function cacheKeyOf({ userId, ...page }: UserOrdersKey): string {
  return JSON.stringify([userId, pageKeyOf(page)]);
}

function pageKeyOf({ first, before, status }: Omit<UserOrdersKey, 'userId'>): string {
  return JSON.stringify([first, before ?? null, status ?? null]);
}

/** Keys that differ in the user only, as many together as one query can serve. */
function groupsOf(keys: readonly UserOrdersKey[]): UserOrdersKey[][] {
  return [...Map.groupBy(keys, pageKeyOf).values()].flatMap((group) => {
    const size = Math.min(maxUsers, Math.floor(maxRows / (group[0]!.first + 1)));
    return Array.from({ length: Math.ceil(group.length / size) }, (_, i) =>
      group.slice(i * size, (i + 1) * size),
    );
  });
}

/**
 * Reads the users' orders together, newest first, until each user's page is full or nothing is left. A query's
 * limit is what its users want in all. Either it returns less: then nobody has any more orders. Or it returns
 * as many rows as `users * wanted`: then one user at least has a full page and drops out, and the next query
 * goes on below the last row. So there are at most as many queries as users, and one or two where users have
 * orders in like numbers, each for an index range.
 */
async function pagesOf(
  store: Pick<OrderStore, 'list'>,
  users: UserOrdersKey[],
): Promise<Map<string, Order[]>> {
  const { first, status, before } = users[0]!;
  const wanted = first + 1;
  const pages = new Map<string, Order[]>(users.map(({ userId }) => [userId, []]));
  let userIds = [...pages.keys()];
  let below = before;
  while (userIds.length > 0) {
    const limit = userIds.length * wanted;
    const rows = await store.list({ userIds, status, before: below }, limit);
    for (const order of rows) pages.get(order.userId)?.push(order);
    if (rows.length < limit) break;
    below = rows.at(-1)!._id;
    userIds = userIds.filter((userId) => pages.get(userId)!.length < wanted);
  }
  return new Map([...pages].map(([userId, page]) => [userId, page.slice(0, wanted)]));
}
