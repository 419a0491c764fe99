import { expect, test } from 'vitest';
import { readDevOptions } from './options.ts';

const names = ['users', 'products', 'orders'];
const read = (...args: string[]) => readDevOptions(args, names);

test('all are real unless some are named', () => {
  expect(read()).toEqual({ kind: 'accepted', real: names, mocked: [] });
  expect(read('--only', 'orders')).toMatchObject({ real: ['orders'], mocked: ['users', 'products'] });
  const two = { kind: 'accepted', real: ['users', 'orders'], mocked: ['products'] };
  expect(read('--only', 'orders, users')).toEqual(two);
  expect(read('--only=orders', '--only=users')).toEqual(two);
});

test.each([
  ['an unknown subgraph', ['--only', 'orders,warehouse'], '"warehouse"'],
  ['no name', ['--only', ''], 'There is no subgraph ""'],
  ['no value', ['--only'], '--only'],
  ['another option', ['--without', 'users'], '--without'],
  ['a name alone', ['orders'], 'orders'],
])('%s is refused, with how it is called', (_, args, why) => {
  const options = read(...args);
  expect(options).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
  expect(options).toEqual({ kind: 'refused', why: expect.stringContaining('Usage: npm run dev') });
});
