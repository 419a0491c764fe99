import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { kafkaBrokers, mongodbUri, redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';
import { createProduct, registerUser } from '../e2e/client.ts';
import { freePorts } from '../e2e/free-ports.ts';

const apiSecret = 'a secret of the cluster tests';
const script = fileURLToPath(new URL('../cluster.ts', import.meta.url));

const started: ChildProcess[] = [];
// Its processes end with it, however it ends.
afterAll(() => {
  for (const cluster of started) cluster.kill('SIGKILL');
});

test('without its servers it lists every problem at once and ends with 1', async () => {
  const cluster = startCluster({});
  expect(await cluster.exited).toBe(1);
  for (const variable of ['MONGODB_URI', 'KAFKA_BROKERS', 'API_SECRET']) {
    expect(cluster.output()).toContain(variable);
  }
});

if (mongodbUri && kafkaBrokers && redisUrl) {
  const servers = { MONGODB_URI: mongodbUri, KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl };
  const prefix = `cluster_${randomBytes(5).toString('hex')}_`;
  const brokers = kafkaBrokers.split(',');
  const uri = mongodbUri;

  describe('two Products and two Orders processes', () => {
    afterAll(() => removeRealData({ mongodbUri: uri, brokers, prefix }));

    test('sell exactly what there is, also while one of each is killed and started again; Ctrl-C drains all', async () => {
      const port = await freePorts(7);
      const cluster = startCluster({
        ...servers,
        PORT: `${port}`,
        API_SECRET: apiSecret,
        DATABASE_PREFIX: prefix,
        TOPIC_PREFIX: prefix,
        LOG_LEVEL: 'warn',
      });
      await vi.waitFor(() => expect(cluster.output()).toContain('The shop answers'), { timeout: 50_000 });
      const shop = { url: `http://127.0.0.1:${port}`, apiSecret };
      const user = await registerUser(shop);
      const productId = await createProduct(shop, { quantity: 50 });
      const orders = Array.from({ length: 150 }, () => placeOnce(user, productId));
      kill(cluster.process, 'products');
      kill(cluster.process, 'orders');
      const statuses = await Promise.all(orders);
      const acknowledged = statuses.filter((status) => status !== 'unavailable').length;
      expect(acknowledged).toBeGreaterThan(50);
      await vi.waitFor(
        async () => {
          const { orders: decided } = await user.get<{ orders: { status: string }[] }>(
            '{ orders(first: 250) { status } }',
          );
          expect(decided.filter(({ status }) => status === 'PENDING')).toEqual([]);
          expect(decided.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(50);
          expect(decided.length).toBeGreaterThanOrEqual(acknowledged);
        },
        { timeout: 60_000, interval: 500 },
      );
      expect(cluster.output()).toMatch(/products\.\d +\| ended with SIGKILL; it is started again/);
      cluster.process.kill('SIGINT');
      expect(await cluster.exited).toBe(0);
    }, 150_000);
  });
}

/** One order, once more if the part of the shop that it met was just killed. */
async function placeOnce(user: Awaited<ReturnType<typeof registerUser>>, productId: string): Promise<string> {
  const idempotencyKey = randomBytes(8).toString('hex');
  for (let attempt = 0; attempt < 2; attempt++) {
    const { data } = await user.ask<{ placeOrder: { status: string } | null }>(
      `mutation ($id: String!, $key: String) {
        placeOrder(products: [{ _id: $id, quantity: 1 }], idempotencyKey: $key) { status }
      }`,
      { id: productId, key: idempotencyKey },
    );
    if (data?.placeOrder) return data.placeOrder.status;
  }
  return 'unavailable';
}

function startCluster(variables: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [script, '--products', '2', '--orders', '2'], {
    env: { PATH, HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return { process: child, output: () => output, exited };
}

/** `kill -9` of one process of this part: a child of the cluster whose last argument is the part. */
function kill(cluster: ChildProcess, part: string): void {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', `${cluster.pid}`], { encoding: 'utf8' });
  const line = children.split('\n').find((each) => each.endsWith(` ${part}`));
  process.kill(Number(line?.trim().split(' ', 1)[0]), 'SIGKILL');
}
