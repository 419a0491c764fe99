import { expect, test } from 'vitest';
import { readOptions, seedsFor } from './options.ts';
import type { Scenario } from './stage.ts';

const named = (name: string): Scenario => ({
  name,
  about: `about ${name}`,
  loadMs: 1,
  inject: async () => {},
});
const all = ['kill-a', 'kill-b', 'zombie'].map(named);
const read = (...args: string[]) => readOptions(args, all);

test('every scenario once, with seed 1, unless told otherwise', () => {
  expect(read()).toEqual({ scenarios: all, seed: 1, seeds: 1, orders: 120 });
});

test('what others come to as well is played only by name', () => {
  const single = { ...named('kill-c'), onlyByName: true };
  expect(readOptions([], [...all, single])).toMatchObject({ scenarios: all });
  expect(readOptions(['--scenario', 'kill-c'], [...all, single])).toMatchObject({ scenarios: [single] });
});

test('a slow scenario is played with three seeds at most', () => {
  expect(seedsFor(named('quick'), { seed: 5, seeds: 4 })).toEqual([5, 6, 7, 8]);
  expect(seedsFor({ ...named('slow'), slow: true }, { seed: 5, seeds: 20 })).toEqual([5, 6, 7]);
});

test('scenarios go by name or by how they begin; seeds, orders and a missing guard by number and name', () => {
  const chosen = read('--scenario', 'zombie,kill-*', '--seed', '5', '--seeds', '3', '--orders', '40');
  expect(chosen).toEqual({ scenarios: [all[2], all[0], all[1]], seed: 5, seeds: 3, orders: 40 });
  expect(read('--without', 'fence')).toMatchObject({ without: 'fence' });
});

test('--list names them all', () => {
  expect(read('--list')).toEqual({ exitCode: 0, text: expect.stringContaining('zombie: about zombie') });
});

test.each([
  [['--scenario', 'nobody'], 'there is no scenario nobody'],
  [['--seed', '0'], '--seed'],
  [['--seeds', 'x'], '--seeds'],
  [['--orders', '9999999'], '--orders'],
  [['--without', 'luck'], '--without'],
  [['--unknown'], 'Usage'],
])('%j is refused with the usage', (args, text) => {
  expect(read(...args)).toEqual({ exitCode: 2, text: expect.stringContaining(text) });
});
