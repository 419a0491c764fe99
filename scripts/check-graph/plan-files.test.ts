import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationsOf } from '@shop/router/client-operations';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchesIn, planText, readPlans, writePlans } from './plan-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plans-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const plans = (sdl: string, fetches: number) =>
  operationsOf('shop.graphql', sdl).map((operation) => ({
    operation,
    text: `QueryPlan of ${fetches}`,
    fetches,
  }));

test('a folder that is not there holds no plans', () => {
  expect(readPlans(join(folder, 'none'))).toEqual({});
});

test('what is written is what is read, and nothing else stays', () => {
  const target = join(folder, 'plans');
  expect(writePlans(target, plans('query Tea { tea } query Milk { milk }', 2))).toEqual(['Tea', 'Milk']);
  expect(readPlans(target)).toEqual({
    Tea: '2 fetches\nQueryPlan of 2\n',
    Milk: '2 fetches\nQueryPlan of 2\n',
  });
  writeFileSync(join(target, 'README.md'), 'kept');
  expect(writePlans(target, plans('query Tea { tea }', 1))).toEqual(['Tea', 'Milk']);
  expect(readdirSync(target).sort()).toEqual(['README.md', 'Tea.txt']);
  expect(writePlans(target, plans('query Tea { tea }', 1))).toEqual([]);
});

test('a committed plan says how many fetches it takes', () => {
  const [plan] = plans('query Tea { tea }', 12);
  expect(fetchesIn(planText(plan!))).toBe(12);
});
