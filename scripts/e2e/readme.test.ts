import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { wholeShopConfig } from '../start/config.ts';
import { partConfigs } from '../start/part-configs.ts';
import { endAllShops, startShop } from './shop-process.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

afterAll(endAllShops);

test('the examples work as pasted', async () => {
  const shop = await startShop();
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]);
  const script = blocks.join('\n').replace('http://127.0.0.1:4000', shop.url);
  expect(script).toContain(shop.url);
  const { PATH = '' } = process.env;
  const env = { PATH, API_SECRET: shop.apiSecret };
  const { stdout } = await promisify(execFile)('bash', ['-euc', script], { env });
  const answers = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(answers).toHaveLength(9);
  for (const answer of answers) expect(answer).not.toHaveProperty('errors');
  const [users, products, user, product, order, orders, everything, all] = answers.map(({ data }) => data);
  expect(users).toEqual({ users: [] });
  expect(products.products.length).toBeGreaterThanOrEqual(50);
  expect(user.user.username).toBe('arth');
  expect(product.product).toMatchObject({ name: 'chocolate', price: 20, quantity: 10 });
  expect(order.order.products).toEqual([{ _id: product.product._id, quantity: 10 }]);
  expect(orders.orders).toHaveLength(1);
  expect(everything.me.orders.nodes[0].products[0].product.name).toBe('chocolate');
  expect(all.orders).toEqual([expect.objectContaining({ user: { username: 'arth', email: null } })]);
  expect(answers[8].token_endpoint).toBe(`${shop.url}/oauth/token`);
});

test('every variable that a part reads is in the table, and nothing else is', async () => {
  const parts = [wholeShopConfig, ...(await partConfigs()).values()];
  const read = new Set(parts.flatMap(({ shape }) => Object.keys(shape)));
  // Read by Apollo's gateway itself.
  read.add('APOLLO_TELEMETRY_DISABLED');
  const table = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('## On real servers'));
  const listed = [...table.matchAll(/^\| ([A-Z0-9_, ]+) \|/gm)].flatMap(
    (match) => match[1]?.split(', ') ?? [],
  );
  expect(new Set(listed)).toEqual(read);
});

test('every command of package.json is in README', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const commands = Object.keys(scripts).map((name) =>
    ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
  );
  for (const command of commands) expect(readme).toContain(command);
});
