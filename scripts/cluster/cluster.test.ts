import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { kafkaBrokers, mongodbUri, redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';
import { createProduct, registerUser } from '../e2e/client.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { placeOrder } from '../e2e/orders.ts';
import { countProcesses } from './layout.ts';

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

    test('answer through the router; Ctrl-C drains all', async () => {
      const port = await freePorts(countProcesses({ products: 2, orders: 2 }));
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
      const productId = await createProduct(shop);
      const order = await placeOrder(user, [{ _id: productId, quantity: 1 }], { waitMs: 10_000 });
      expect(order.status).toBe('CONFIRMED');
      cluster.process.kill('SIGINT');
      expect(await cluster.exited).toBe(0);
    }, 90_000);
  });
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
