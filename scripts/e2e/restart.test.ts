import { afterAll, describe, expect, test } from 'vitest';
import { subgraphNames } from '../start/subgraph-names.ts';
import { createClient, createProduct, registerUser } from './client.ts';
import { environments } from './environments.ts';
import { freePorts } from './free-ports.ts';
import { timed } from './in-parallel.ts';
import { allOrders, placeOrder, quantityOf } from './orders.ts';
import { endAllShops, spawnStart, startShop, temporaryFolder } from './shop-process.ts';

afterAll(endAllShops);

// The promise to a person is 5 s. A request that waits for a decision at that moment is cut off before.
const stopsWithinMs = 5_000;

describe.each(environments)('Ctrl-C and a start, $name', ({ start, end }) => {
  afterAll(end);

  test('ends with 0, and everything is there again: catalogue, account, orders, stock', async () => {
    const first = await start();
    const user = await registerUser(first);
    const tea = await createProduct(first, { quantity: 10 });
    const order = await placeOrder(user, [{ _id: tea, quantity: 3 }], { waitMs: 10_000 });
    const catalogue = '{ products(first: 250) { _id name images { url } } }';
    const before = await user.get(catalogue);
    const stopped = await first.interrupt();
    expect(stopped.exitCode).toBe(0);
    expect(stopped.tookMs).toBeLessThan(stopsWithinMs);
    await expect(fetch(first.url)).rejects.toThrow();

    const second = await start(first.settings);
    expect(await user.get(catalogue)).toEqual(before);
    expect(await allOrders(user)).toEqual([order]);
    expect(await quantityOf(user, tea)).toBe(7);
    expect(await placeOrder(user, [{ _id: tea, quantity: 7 }], { waitMs: 10_000 })).toMatchObject({
      status: 'CONFIRMED',
    });
    expect((await second.interrupt()).exitCode).toBe(0);
  });

  test('under load: still ends with 0 in time', async () => {
    const shop = await start();
    const user = await registerUser(shop);
    const tea = await createProduct(shop, { quantity: 10_000 });
    const placing = Array.from({ length: 100 }, () =>
      placeOrder(user, [{ _id: tea, quantity: 1 }], { waitMs: 10_000 }).catch(() => null),
    );
    await Promise.race(placing);
    const { exitCode, tookMs } = await shop.interrupt();
    expect(exitCode).toBe(0);
    expect(tookMs).toBeLessThan(stopsWithinMs);
    await Promise.all(placing);
  });
});

test('two shops side by side on two PORTs know nothing of each other', async () => {
  const [one, two] = await Promise.all([startShop(), startShop()]);
  const id = await createProduct(one, { name: 'only here' });
  expect(await quantityOf(createClient(one.url), id)).toBe(10);
  const query = 'query ($id: ID!) { product(id: $id) { _id } }';
  expect(await createClient(two.url).get(query, { id })).toEqual({ product: null });
  const user = await registerUser(one);
  const { me } = await createClient(two.url, { authorization: `Bearer ${user.token}` }).get<{ me: unknown }>(
    '{ me { _id } }',
  );
  expect(me).toBeNull();
});

test('an empty shop gets a demo catalogue, once', async () => {
  const shop = await startShop();
  const query = '{ products(first: 250) { _id images { _id } } }';
  interface Catalogue {
    products: { _id: string; images: unknown[] }[];
  }
  const { products } = await createClient(shop.url).get<Catalogue>(query);
  expect(products.length).toBeGreaterThanOrEqual(40);
  for (const { images } of products) expect(images.length).toBeGreaterThan(0);
  await shop.interrupt();
  const again = await startShop(shop.settings);
  expect((await createClient(again.url).get<Catalogue>(query)).products).toEqual(products);
});

describe('a start that cannot work', () => {
  async function failedStart(args: string[], variables: Record<string, string>) {
    const child = spawnStart(args, variables);
    const { value: exitCode } = await timed(() => child.exited);
    return { exitCode, output: child.output() };
  }

  test('orders alone without its servers: every problem at once, exit code 1', async () => {
    const { exitCode, output } = await failedStart(['orders'], { PORT: 'many' });
    expect(exitCode).toBe(1);
    for (const name of ['PORT', 'MONGODB_URI', 'KAFKA_BROKERS', 'API_SECRET']) expect(output).toContain(name);
    expect(output).not.toMatch(/\n {4}at /);
  });

  test('the whole shop with several mistakes: all of them at once, exit code 1', async () => {
    const variables = {
      PORT: '70000',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'http://x',
      DATA_DIR: temporaryFolder(),
    };
    const { exitCode, output } = await failedStart([], variables);
    expect(exitCode).toBe(1);
    for (const name of ['PORT', 'LOG_LEVEL', 'REDIS_URL']) expect(output).toContain(name);
  });

  test('a part that does not exist: how it is called, exit code 1', async () => {
    const { exitCode, output } = await failedStart(['warehouse'], {});
    expect(exitCode).toBe(1);
    expect(output).toMatch(/Usage: .*orders/);
  });

  test('a second shop on the same DATA_DIR is told that it is in use; the first goes on', async () => {
    const first = await startShop();
    const { exitCode, output } = await failedStart([], {
      PORT: `${await freePorts(1 + subgraphNames.length)}`,
      DATA_DIR: first.settings.dataDir,
    });
    expect(exitCode).toBe(1);
    expect(output).toContain(first.settings.dataDir);
    expect(output).toMatch(/in use/i);
    await createProduct(first);
  });

  test('a PORT that is taken: said, exit code 1', async () => {
    const first = await startShop();
    const { exitCode, output } = await failedStart([], {
      PORT: `${first.settings.port}`,
      DATA_DIR: temporaryFolder(),
    });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/in use/i);
  });
});
