import { countCalls } from '@shop/shared/documents/count-calls';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, ask, type Caller, codeOf, type Fields } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { listIds, orderIn, place, startOrders, tryToCancel } from './orders-under-test.ts';

const anonymous: Caller = {};
const ann: Caller = { user: 'ann' };
const bob: Caller = { user: 'bob' };
const annAndAdmin: Caller = { user: 'ann', ...admin };

let ground: Ground;
let orders: Subgraph;
let counted: ReturnType<typeof countCalls>;
/** Ann's, oldest first; the second is cancelled. */
const anns: string[] = [];
let bobs: string;

beforeAll(async () => {
  ground = openGroundInMemory();
  counted = countCalls(ground.documents);
  orders = await startOrders({ ...ground, documents: counted.documents });
  for (let n = 0; n < 5; n++) anns.push((await place(orders, 'ann'))._id);
  bobs = (await place(orders, 'bob'))._id;
  orderIn(await tryToCancel(orders, anns[1]!, ann), 'cancelOrder');
});
afterAll(async () => {
  await orders.close();
  await ground.remove();
});

describe('Query.orders', () => {
  test.each([anonymous, { user: 'expired' }])('is UNAUTHENTICATED for %j', async (caller) => {
    expect(codeOf(await ask(orders, '{ orders { _id } }', {}, caller))).toBe('UNAUTHENTICATED');
  });

  test('shows users their own and admins all, newest first', async () => {
    expect(await listIds(orders, ann)).toEqual(anns.toReversed());
    expect(await listIds(orders, bob)).toEqual([bobs]);
    expect(await listIds(orders, { user: 'carl' })).toEqual([]);
    expect(await listIds(orders, admin)).toEqual([bobs, ...anns.toReversed()]);
    expect(await listIds(orders, annAndAdmin)).toEqual([bobs, ...anns.toReversed()]);
  });

  test('pages by the _id of the last one', async () => {
    expect(await listIds(orders, ann, '(first: 2)')).toEqual([anns[4], anns[3]]);
    expect(await listIds(orders, ann, `(first: 2, after: "${anns[3]}")`)).toEqual([anns[2], anns[1]]);
    expect(await listIds(orders, ann, `(first: 2, after: "${anns[1]}")`)).toEqual([anns[0]]);
    expect(await listIds(orders, ann, `(first: null, after: "${anns[0]}")`)).toEqual([]);
  });

  test('filters by status', async () => {
    expect(await listIds(orders, ann, '(status: CANCELLED)')).toEqual([anns[1]]);
    expect(await listIds(orders, admin, '(status: PENDING, first: 2)')).toEqual([bobs, anns[4]]);
    expect(await listIds(orders, admin, '(status: CONFIRMED)')).toEqual([]);
  });

  test.each(['(first: 0)', '(first: 251)', '(first: -1)'])('refuses %s', async (args) => {
    expect(codeOf(await ask(orders, `{ orders${args} { _id } }`, {}, ann))).toBe('BAD_USER_INPUT');
  });
});

describe('an order', () => {
  const readers: [Caller, boolean][] = [
    [anonymous, false],
    [{ user: 'expired' }, false],
    [bob, false],
    [ann, true],
    [admin, true],
    [{ user: 'bob', ...admin }, true],
  ];

  test.each(readers)('asked for by %j: shown %s', async (caller, isShown) => {
    const answer = await ask(orders, `{ order(id: "${anns[0]}") { _id } }`, {}, caller);
    expect(answer).toEqual({ data: { order: isShown ? { _id: anns[0] } : null } });
  });

  test.each(readers)('as an entity for %j: shown %s', async (caller, isShown) => {
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { _id userId status } } }';
    const of = anns.map((_id) => ({ __typename: 'Order', _id }));
    counted.reset();
    const answer = await ask(orders, query, { of }, caller);
    expect(counted.calls()).toBeLessThanOrEqual(1);
    const shown = anns.map((_id, n) => ({ _id, userId: 'ann', status: n === 1 ? 'CANCELLED' : 'PENDING' }));
    expect(answer).toEqual({ data: { _entities: isShown ? shown : anns.map(() => null) } });
  });

  test('that does not exist is null', async () => {
    expect(await ask(orders, '{ order(id: "none") { _id } }', {}, admin)).toEqual({ data: { order: null } });
  });
});

describe('User.orders', () => {
  const query = `query ($of: [_Any!]!, $first: Int, $after: String, $status: OrderStatus) {
    _entities(representations: $of) { ... on User {
      _id orders(first: $first, after: $after, status: $status) {
        nodes { _id } edges { cursor node { _id } } pageInfo { hasNextPage endCursor }
      }
    } }
  }`;
  const ordersOf = (users: string[], args: Fields, caller: Caller) =>
    ask(orders, query, { of: users.map((_id) => ({ __typename: 'User', _id })), ...args }, caller);
  const ids = (connection: { nodes: { _id: string }[] } | undefined) =>
    connection?.nodes.map(({ _id }) => _id);

  interface Page {
    nodes: { _id: string }[];
    edges: { cursor: string; node: { _id: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  }
  async function pageOf(user: string, args: Fields, caller: Caller): Promise<Page> {
    const entities = orderIn(await ordersOf([user], args, caller), '_entities') as unknown as {
      orders: Page;
    }[];
    return entities[0]!.orders;
  }

  test.each([
    [anonymous, 'UNAUTHENTICATED'],
    [{ user: 'expired' }, 'UNAUTHENTICATED'],
    [bob, 'FORBIDDEN'],
  ])('of another user is refused to %j with %s', async (caller, code) => {
    expect(codeOf(await ordersOf(['ann'], {}, caller))).toBe(code);
  });

  test('is paged by cursors to its end', async () => {
    const first = await pageOf('ann', { first: 2 }, ann);
    expect(ids(first)).toEqual([anns[4], anns[3]]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(first.pageInfo.endCursor).toBe(first.edges[1]?.cursor);
    const second = await pageOf('ann', { first: 3, after: first.pageInfo.endCursor }, admin);
    expect(ids(second)).toEqual([anns[2], anns[1], anns[0]]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    const third = await pageOf('ann', { after: second.pageInfo.endCursor }, ann);
    expect(third).toEqual({ nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });

  test('is filtered by status', async () => {
    expect(ids(await pageOf('ann', { status: 'CANCELLED' }, ann))).toEqual([anns[1]]);
  });

  test.each([{ first: 0 }, { first: 251 }, { after: 'no cursor' }, { after: 'WzFd' }])(
    'refuses %j',
    async (args) => {
      expect(codeOf(await ordersOf(['ann'], args, ann))).toBe('BAD_USER_INPUT');
    },
  );

  test('of 50 users costs as few queries as of one, however many orders each has', async () => {
    const users = Array.from({ length: 50 }, (_, n) => `user-${n}`);
    await Promise.all(
      users.flatMap((user) => [place(orders, user), place(orders, user), place(orders, user)]),
    );
    // The relay's own work must not be counted.
    await expect
      .poll(() => ground.documents.collection('orders').countDocuments({ outboxAt: { $exists: true } }))
      .toBe(0);
    counted.reset();
    const few = await ordersOf(users, { first: 20 }, admin);
    const callsForFew = counted.calls();
    expect(few.errors).toBeUndefined();
    expect(callsForFew).toBe(1);
    counted.reset();
    const entities = orderIn(await ordersOf(users, { first: 2 }, admin), '_entities');
    for (const user of entities as unknown as { orders: Page }[]) {
      expect(user.orders.nodes).toHaveLength(2);
      expect(user.orders.pageInfo.hasNextPage).toBe(true);
    }
    expect(counted.calls()).toBeLessThanOrEqual(2);
  });
});
