import { ordersConfig } from '@shop/orders/config';
import { routerSettings } from '@shop/router/config';
import { expect, test } from 'vitest';
import { readCounts } from './config.ts';
import { layOut } from './layout.ts';

const laidOut = layOut({ users: 1, products: 2, orders: 3, images: 1 }, { host: '127.0.0.1', port: 5000 });
const named = (name: string) => laidOut.find((member) => member.name === name);

test('the first of each is where npm start has it, the others behind, each port once', () => {
  const ports = Object.fromEntries(laidOut.map(({ name, url }) => [name, Number(new URL(url).port)]));
  expect(ports).toEqual({
    router: 5000,
    'users.1': 5001,
    'products.1': 5002,
    'orders.1': 5003,
    'images.1': 5004,
    'products.2': 5005,
    'orders.2': 5006,
    'orders.3': 5007,
  });
});

test('the router knows every process of a subgraph, a subgraph only where the keys are', () => {
  expect(named('router')?.variables.ORDERS_URL).toBe(
    'http://127.0.0.1:5003/graphql,http://127.0.0.1:5006/graphql,http://127.0.0.1:5007/graphql',
  );
  const variables = { PORT: '5006', HOST: '127.0.0.1', USERS_URL: 'http://127.0.0.1:5001/graphql' };
  expect(named('orders.2')?.variables).toEqual(variables);
});

test('every variable that it sets is one that the part reads', () => {
  const read = (variables = {}, shape: object) => Object.keys(variables).filter((name) => !(name in shape));
  expect(read(named('router')?.variables, routerSettings.shape)).toEqual([]);
  expect(read(named('orders.1')?.variables, ordersConfig.shape)).toEqual([]);
});

test('counts are 1 unless given; what is no count is said with the usage', () => {
  expect(readCounts([])).toEqual({ users: 1, products: 1, orders: 1, images: 1 });
  expect(readCounts(['--orders', '3'])).toEqual({ users: 1, products: 1, orders: 3, images: 1 });
  for (const args of [['--orders', '0'], ['--orders', '9'], ['--orders', 'x'], ['--routers', '2'], ['2']]) {
    expect(readCounts(args)).toContain('Usage: npm run cluster');
  }
});
