import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { type Client, createClient, createProduct, registerUser } from './client.ts';
import { freePorts } from './free-ports.ts';
import { median, timed } from './in-parallel.ts';
import { placeOrder, quantityOf } from './orders.ts';
import { endAllShops, type ShopProcess, startShop } from './shop-process.ts';

// The promise: a read is at most 100 ms later than with a healthy Redis.
const maxExtraMs = 100;
const reads = 40;

afterAll(endAllShops);

/** Needs servers of its own, to freeze and to kill; where there is a Redis to test with, there is its program. */
function whileRedisIsAway(): void {
  let port: number;
  let redis: ChildProcess;
  let shop: ShopProcess;
  let client: Client;
  let id: string;

  beforeEach(async () => {
    port = await freePorts(1);
    redis = await startRedis(port);
    shop = await startShop({ variables: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    client = createClient(shop.url);
    id = await createProduct(shop, { quantity: 1_000 });
  });
  afterEach(async () => {
    await end(redis);
    await shop.kill();
  });
  /** How long each of the reads of product and products took. */
  async function readTimes(): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < reads; i += 1) {
      times.push((await timed(() => quantityOf(client, id))).tookMs);
      times.push((await timed(() => client.get('{ products { _id name quantity } }'))).tookMs);
    }
    return times;
  }

  const faults: [string, () => Promise<void>][] = [
    ['stopped', () => end(redis)],
    ['frozen', async () => void redis.kill('SIGSTOP')],
  ];
  test.each(faults)('%s: reads are still answered, at most 100 ms later, and stay fresh', async (_, fail) => {
    const healthy = await readTimes();
    await fail();
    const { tookMs: firstMs } = await timed(() => quantityOf(client, id));
    const away = await readTimes();
    expect(median(away)).toBeLessThan(median(healthy) + maxExtraMs);
    // The one read that finds out waits for the deadline of a call; the rest is room for a busy machine.
    expect(firstMs).toBeLessThan(Math.max(...healthy) + 10 * maxExtraMs);
    const user = await registerUser(shop);
    for (let bought = 1; bought <= 10; bought += 1) {
      const order = await placeOrder(user, [{ _id: id, quantity: 1 }], { waitMs: 10_000 });
      expect(order.status).toBe('CONFIRMED');
      expect(await quantityOf(client, id)).toBe(1_000 - bought);
    }
  });

  test('thawed: what it kept from before is not shown', async () => {
    expect(await quantityOf(client, id)).toBe(1_000);
    redis.kill('SIGSTOP');
    const user = await registerUser(shop);
    await placeOrder(user, [{ _id: id, quantity: 1 }], { waitMs: 10_000 });
    redis.kill('SIGCONT');
    for (let i = 0; i < 50; i += 1) {
      expect(await quantityOf(client, id)).toBe(999);
      await sleep(20);
    }
  });
}

test('a Redis that was never there: the shop starts, answers and sells', async () => {
  const variables = { REDIS_URL: `redis://127.0.0.1:${await freePorts(1)}` };
  const shop = await startShop({ variables });
  const id = await createProduct(shop, { quantity: 1 });
  const user = await registerUser(shop);
  expect(await quantityOf(user, id)).toBe(1);
  const order = await placeOrder(user, [{ _id: id, quantity: 1 }], { waitMs: 10_000 });
  expect(order.status).toBe('CONFIRMED');
  expect(await quantityOf(user, id)).toBe(0);
});

if (redisUrl !== null) describe('Redis away', whileRedisIsAway);

async function startRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const deadline = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (Date.now() > deadline) throw new Error('redis-server does not answer');
    await sleep(20);
  }
  return server;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}
