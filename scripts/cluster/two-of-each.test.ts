import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionsOfMembers } from '../../subgraphs/shared/test/group-members.ts';
import { kafkaTopics } from '../../subgraphs/shared/test/kafka-topics.ts';
import { adminOf, type Client, createClient, createProduct, registerUser, type User } from '../e2e/client.ts';
import { inParallel, timed, upTo } from '../e2e/in-parallel.ts';
import { type Order, placeOrder, quantityOf, unitsOf, untilAllDecided } from '../e2e/orders.ts';
import { realServers, startTestCluster, type TestCluster } from './test-cluster.ts';

const waitMs = 10_000;

describe.runIf(realServers)('two Products and two Orders processes', () => {
  let cluster: TestCluster;
  let admin: Client;
  let users: User[];
  const userOf = (n: number) => users[n % users.length]!;

  beforeAll(async () => {
    cluster = await startTestCluster(realServers!);
    admin = adminOf(cluster);
    users = await Promise.all(upTo(5).map(() => registerUser(cluster)));
  });
  afterAll(async () => {
    await cluster?.stop();
  });

  const sells = (hot: string, orders: Order[]) => {
    const ofHot = orders.filter(({ products }) => products[0]?._id === hot);
    expect(ofHot).toHaveLength(500);
    expect(ofHot.filter(({ status }) => status === 'REJECTED')).toHaveLength(400);
    expect(unitsOf(hot, ofHot)).toBe(100);
  };

  test('sell exactly 100 in stock to 500 concurrent orders', async () => {
    const hot = await createProduct(cluster, { quantity: 100 });
    await inParallel(100, upTo(500), (n) => placeOrder(userOf(n), [{ _id: hot, quantity: 1 }]));
    sells(hot, await untilAllDecided(admin));
    expect(await quantityOf(admin, hot)).toBe(0);
  }, 60_000);

  test('the same while one of each is killed and started again', async () => {
    const hot = await createProduct(cluster, { quantity: 100 });
    const refused: string[] = [];
    await inParallel(100, upTo(500), async (n) => {
      if (n === 150) cluster.signal('products.2', 'SIGKILL');
      if (n === 250) cluster.signal('orders.1', 'SIGKILL');
      refused.push(...(await placeWithOneRetry(userOf(n), hot, `killed ${n}`)));
    });
    expect(refused, 'one retry cures every failure').toEqual([]);
    sells(hot, await untilAllDecided(admin, 60_000));
    expect(await quantityOf(admin, hot)).toBe(0);
    for (const name of ['products.2', 'orders.1'])
      expect(cluster.output()).toMatch(new RegExp(`${name} +\\| ended with SIGKILL; it is started again`));
    await cluster.untilReady();
  }, 90_000);

  test('one of each is told to end and started again: one retry cures what fails, and every order is decided', async () => {
    const restarted = ['products.1', 'orders.2'];
    const plenty = await createProduct(cluster, { quantity: 10_000 });
    const refused: string[] = [];
    let isOver = false;
    let placed = 0;
    const lanes = inParallel(5, upTo(5), async (lane) => {
      for (let n = 0; !isOver && n < 400; n += 1) {
        refused.push(...(await placeWithOneRetry(userOf(lane), plenty, `restarted ${lane} ${n}`)));
        placed += 1;
        await sleep(50);
      }
    });
    await Promise.all(restarted.map((name) => cluster.restart(name)));
    await cluster.untilReady();
    isOver = true;
    await lanes;
    expect(refused).toEqual([]);
    const orders = (await untilAllDecided(admin, 60_000)).filter(
      ({ products }) => products[0]?._id === plenty,
    );
    expect(orders).toHaveLength(placed);
    expect(unitsOf(plenty, orders)).toBe(placed);
    for (const name of restarted)
      expect(cluster.output()).toMatch(new RegExp(`${name} +\\| ended with 0; it is started again`));
  }, 90_000);

  test('after an order is confirmed, 0 of 1,020 reads in any process are stale', async () => {
    const purchases = 17;
    const products = await Promise.all(upTo(10).map(() => createProduct(cluster, { quantity: 1_000 })));
    const readers = [cluster.url, ...cluster.urlsOf('products')].map((url) =>
      createClient(url, {}, cluster.asRouter),
    );
    const stale: string[] = [];
    let reads = 0;
    const compare = (read: string, quantity: number | undefined, expected: number) => {
      reads += 1;
      if (quantity !== expected) stale.push(`${read}: ${quantity} instead of ${expected}`);
    };
    await inParallel(products.length, products, async (id, lane) => {
      for (let bought = 1; bought <= purchases; bought += 1) {
        const { status } = await placeOrder(userOf(lane), [{ _id: id, quantity: 1 }], { waitMs });
        expect(status).toBe('CONFIRMED');
        const single = readers.map(async (reader, which) =>
          compare(`product at ${which}`, await quantityOf(reader, id), 1_000 - bought),
        );
        const listed = readers.map(async (reader, which) =>
          compare(`products at ${which}`, await listedQuantity(reader, id), 1_000 - bought),
        );
        await Promise.all([...single, ...listed]);
      }
    });
    expect(reads).toBe(1_020);
    expect(stale).toEqual([]);
  }, 90_000);

  test('whoever waits at one Orders process is answered at once, also when the other one gets the decision', async () => {
    const id = await createProduct(cluster, { quantity: 1_000 });
    const topic = 'inventory.v1';
    const group = {
      brokers: cluster.brokers,
      group: `${cluster.prefix}orders`,
      topic: cluster.prefix + topic,
    };
    const shares = await partitionsOfMembers(group);
    expect(
      shares.map(({ length }) => length),
      'both decide',
    ).toEqual([3, 3]);
    const decided = new Map<string, number>();
    for (const url of cluster.urlsOf('orders')) {
      const user = createClient(url, { authorization: `Bearer ${userOf(0).token}` }, cluster.asRouter);
      const placed = await inParallel(20, upTo(40), () =>
        timed(() => placeOrder(user, [{ _id: id, quantity: 1 }], { waitMs })),
      );
      for (const { value, tookMs } of placed) {
        expect(value.status).toBe('CONFIRMED');
        expect(tookMs).toBeLessThan(waitMs / 2);
      }
      const ids = new Set(placed.map(({ value }) => value._id));
      const records = await kafkaTopics({ brokers: cluster.brokers, topicPrefix: cluster.prefix }).read(
        topic,
      );
      for (const { key, partition } of records) if (ids.has(key ?? '')) decided.set(key!, partition);
      const byMember = shares.map((share) =>
        [...ids].filter((each) => share.includes(decided.get(each) ?? -1)),
      );
      for (const { length } of byMember) expect(length).toBeGreaterThan(0);
      expect(byMember.flat()).toHaveLength(40);
    }
    expect(await partitionsOfMembers(group), 'nobody left meanwhile').toEqual(shares);
  }, 60_000);

  test('a frozen Products process holds up no read for long, and takes part again once it wakes', async () => {
    const id = await createProduct(cluster, { quantity: 7 });
    const readsAreAnswered = async () => {
      const reads = await inParallel(10, upTo(20), () => timed(() => quantityOf(admin, id)));
      expect(reads.map(({ value }) => value)).toEqual(upTo(20).map(() => 7));
      expect(Math.max(...reads.map(({ tookMs }) => tookMs))).toBeLessThan(waitMs);
    };
    for (const name of ['products.2', 'products.1']) {
      // In the second round it is the process that was frozen in the first that answers.
      cluster.signal(name, 'SIGSTOP');
      try {
        await readsAreAnswered();
      } finally {
        cluster.signal(name, 'SIGCONT');
      }
      await cluster.untilReady();
    }
    const { status } = await placeOrder(userOf(0), [{ _id: id, quantity: 1 }], { waitMs });
    expect(status).toBe('CONFIRMED');
    expect(await quantityOf(admin, id)).toBe(6);
  }, 60_000);
});

/** Places an order, once more if it met the process that was just killed; answers what both attempts failed with. */
async function placeWithOneRetry(user: User, productId: string, idempotencyKey: string): Promise<string[]> {
  const failures: string[] = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const { data, codes } = await user.ask<{ placeOrder: { _id: string } | null }>(
      `mutation ($id: String!, $key: String) {
        placeOrder(products: [{ _id: $id, quantity: 1 }], idempotencyKey: $key) { _id }
      }`,
      { id: productId, key: idempotencyKey },
    );
    if (data?.placeOrder) return [];
    failures.push(...codes);
  }
  return failures;
}

async function listedQuantity(reader: Client, id: string): Promise<number | undefined> {
  const { products } = await reader.get<{ products: { _id: string; quantity: number }[] }>(
    '{ products(first: 250) { _id quantity } }',
  );
  return products.find(({ _id }) => _id === id)?.quantity;
}
