import { ordersConfig } from '@shop/orders/config';
import { routerSettings } from '@shop/router/config';
import { expect, test } from 'vitest';
import { subgraphNames } from '../start/subgraph-names.ts';
import { readCounts } from './config.ts';
import { countProcesses, layOut } from './layout.ts';

const counts = { products: 2, orders: 3 };
const laidOut = layOut(counts, { host: '127.0.0.1', port: 5000 });
const named = (name: string) => laidOut.find((member) => member.name === name);

const portOf = (name: string) => Number(new URL(named(name)?.url ?? '').port);
// The shop may have got further subgraphs.
const count = subgraphNames.length;

test('the first of each is where npm start has it, the others behind, each port once', () => {
  expect(portOf('router')).toBe(5000);
  expect(subgraphNames.map((name) => portOf(`${name}.1`))).toEqual(subgraphNames.map((_, n) => 5001 + n));
  const behind = ['products.2', 'orders.2', 'orders.3'];
  expect(behind.map(portOf)).toEqual([1, 2, 3].map((n) => 5000 + count + n));
  expect(laidOut).toHaveLength(countProcesses(counts));
  expect(countProcesses(counts)).toBe(1 + count + behind.length);
});

test('the router knows every process of a subgraph, a subgraph only where the keys are', () => {
  expect(named('router')?.variables.ORDERS_URL).toBe(
    [5003, 5000 + count + 2, 5000 + count + 3].map((port) => `http://127.0.0.1:${port}/graphql`).join(','),
  );
  const port = `${portOf('orders.2')}`;
  const variables = { PORT: port, HOST: '127.0.0.1', USERS_URL: 'http://127.0.0.1:5001/graphql' };
  expect(named('orders.2')?.variables).toEqual(variables);
});

test('every variable that it sets is one that the part reads', () => {
  const unread = (variables = {}, shape: object) => Object.keys(variables).filter((name) => !(name in shape));
  // By its name the router finds any subgraph of the supergraph.
  const addresses = Object.fromEntries(subgraphNames.map((name) => [`${name.toUpperCase()}_URL`, true]));
  expect(unread(named('router')?.variables, { ...routerSettings.shape, ...addresses })).toEqual([]);
  expect(unread(named('orders.1')?.variables, ordersConfig.shape)).toEqual([]);
});

test('counts are those that are given; what is no count is said with the usage', () => {
  expect(readCounts([])).toEqual({});
  expect(readCounts(['--orders', '3'])).toEqual({ orders: 3 });
  for (const args of [['--orders', '0'], ['--orders', '9'], ['--orders', 'x'], ['--routers', '2'], ['2']]) {
    expect(readCounts(args)).toContain('Usage: npm run cluster');
  }
});
