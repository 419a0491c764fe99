import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulateSaga } from './saga-simulation.ts';
import type { SagaScenario } from './world.ts';

const productCount = 3;

const product = fc.record({
  // The last index is a product that does not exist.
  _id: fc.nat(productCount).map((index) => `p${index}`),
  quantity: fc.integer({ min: 1, max: 2 }),
});

const scenario: fc.Arbitrary<SagaScenario> = fc.record({
  stock: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: productCount, maxLength: productCount }),
  placements: fc.array(
    fc.record({
      user: fc.constantFrom('ann', 'bob'),
      key: fc.option(fc.constantFrom('k1', 'k2')),
      products: fc.array(product, { minLength: 1, maxLength: productCount }),
    }),
    { minLength: 3, maxLength: 9 },
  ),
  choices: fc.noShrink(fc.infiniteStream(fc.nat(9_999))),
});

// CI's share; more with TEST_SAGA_RUNS=20000.
const runs = Number(process.env.TEST_SAGA_RUNS ?? 150);

test('whatever crashes, repeats or is taken over, the saga settles with every invariant intact', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      expect(await simulateSaga(given)).toEqual([]);
    }),
    { numRuns: runs },
  );
}, 600_000);

test('without invalidating before a decision is stored, the same scenarios find a stale read', async () => {
  const found: string[] = [];
  await fc.check(
    fc.asyncProperty(scenario, async (given) => {
      found.push(...(await simulateSaga({ ...given, forgetsToInvalidate: true })));
      return !found.includes('STALE READ');
    }),
    { numRuns: 500, seed: 1, endOnFailure: true },
  );
  expect(found).toContain('STALE READ');
}, 600_000);
