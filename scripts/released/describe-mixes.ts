import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createProduct, registerUser } from '../e2e/client.ts';
import type { InProcessShop } from '../e2e/in-process-shop.ts';
import { placeOrder } from '../e2e/orders.ts';
import { credentials } from '../e2e/suites/credentials.ts';
import { federation } from '../e2e/suites/federation.ts';
import { neverOversold } from '../e2e/suites/never-oversold.ts';
import { purchase } from '../e2e/suites/purchase.ts';
import { closing } from '../e2e/suites/suite-shop.ts';
import { operationsOfV1 } from '../e2e/suites/v1.ts';
import { waiting } from '../e2e/suites/waiting.ts';
import { refusedBy, sentToday } from './client-operations.ts';
import { hasHistory } from './git.ts';
import { composeTrees, startMixedShop, type Trees } from './mixed-shop.ts';
import { type Mix, treesOf } from './mixes.ts';
import { type Release, readReleases } from './releases.ts';

export const root = dirname(dirname(import.meta.dirname));
export const releases: readonly Release[] = readReleases(root);

/** Packages of a release that are not installed here are installed. */
export const unpackWithinMs = 300_000;

/** Subgraphs that talk by events: with them run the suites of what they do together. */
const talkByEvents = new Set(['orders', 'products']);

/**
 * Says what holds of releases beside this tree. Without a history there are no releases to have, so it is skipped and
 * says so.
 */
export function describeReleases(name: string, tests: () => void): void {
  const reason = 'not here: without .git there is no released code';
  describe.skipIf(!hasHistory(root))(hasHistory(root) ? name : `${name} (${reason})`, tests);
}

/**
 * Runs the end-to-end suites against each mix. What this tree adds to the releases is not theirs to answer: its tests
 * stand outside these suites until it is released.
 */
export function describeMixes(mixes: readonly Mix[]): void {
  // A loop, since `describe.each` shortens names.
  for (const mix of mixes) describe(mix.name, () => describeMix(mix));
}

function describeMix(mix: Mix): void {
  let trees: Trees;
  let all: Trees;
  const start = () => startMixedShop(trees, { supergraph: composeTrees(root, trees) });
  beforeAll(async () => {
    trees = await treesOf(root, mix.released);
    all = await treesOf(root, new Set(releases.map(({ name }) => name)));
    await expectToSell(start);
  }, unpackWithinMs);

  test('the graph serves every operation that clients send today', () => {
    const operations = sentToday(root, composeTrees(root, all));
    expect(operations.map(({ name }) => name)).toContain('PlaceOrder');
    expect(refusedBy(composeTrees(root, trees), operations)).toEqual([]);
  });
  describe('federation', () => federation(closing(start)));
  describe('credentials', () => credentials(start));
  describe('the operations of v1', () => operationsOfV1(closing(start)));
  describe('a purchase', () => purchase(closing(start)));
  if (!mix.released.has(mix.part)) {
    const startBefore = () => startMixedShop(trees, { supergraph: composeTrees(root, all) });
    describe('federation while the router has the graph of the releases', () =>
      federation(closing(startBefore)));
  }
  if (!talkByEvents.has(mix.part)) return;
  describe('waitMs', () => waiting(closing(start)));
  describe('500 concurrent orders for 100 in stock', () => neverOversold(closing(start)));
}

/** Without this every test would wait in vain for its orders: some ten minutes until all have failed. */
async function expectToSell(start: () => Promise<InProcessShop>): Promise<void> {
  const shop = await start();
  try {
    const product = await createProduct(shop);
    const user = await registerUser(shop);
    const { status } = await placeOrder(user, [{ _id: product, quantity: 1 }], { waitMs: 10_000 });
    expect(status, 'of the first order').toBe('CONFIRMED');
  } finally {
    await shop.close();
  }
}
