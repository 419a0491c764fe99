import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Breakage, breakages } from './breakages.ts';
import { type Scenario, simulate } from './reservation-simulation.ts';

const productCount = 3;

const lines = fc
  .uniqueArray(
    fc.record({
      productId: fc.nat(productCount).map((index) => `p${index}`),
      quantity: fc.integer({ min: 1, max: 2 }),
    }),
    // The last index is a product that does not exist.
    { minLength: 1, maxLength: productCount, selector: ({ productId }) => productId },
  )
  .map((chosen) => chosen.toSorted((a, b) => a.productId.localeCompare(b.productId)));

const scenario: fc.Arbitrary<Scenario> = fc.record({
  stock: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: productCount, maxLength: productCount }),
  orders: fc.array(fc.record({ lines, isCancelled: fc.boolean() }), { minLength: 3, maxLength: 7 }),
  duplicates: fc.array(fc.record({ position: fc.nat(20), later: fc.nat(5) }), { maxLength: 5 }),
  choices: fc.noShrink(fc.infiniteStream(fc.nat(9_999))),
});

// CI's share; more with TEST_RESERVATION_RUNS=20000.
const runs = Number(process.env.TEST_RESERVATION_RUNS ?? 300);

test('whatever is cancelled, delivered twice, killed or taken over: stock adds up and every order is decided once', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      expect(await simulate(given)).toBeNull();
    }),
    { numRuns: runs },
  );
}, 600_000);

describe('each guard is needed', () => {
  test.each<[string, Breakage]>([
    ['the fence', breakages.fence],
    ['the marks', breakages.marks],
    ['recording the decision before giving back', breakages['decide-before-return']],
  ])(
    'without %s the same scenarios find a violation',
    async (_, breakage) => {
      const verdicts: (string | null)[] = [];
      await fc.check(
        fc.asyncProperty(scenario, async (given) => {
          verdicts.push(await simulate(given, breakage));
          return verdicts.at(-1) === null;
        }),
        { numRuns: 4_000, seed: 1, endOnFailure: true },
      );
      expect(['OVERSOLD', 'STOCK LOST', 'NEGATIVE STOCK']).toContain(verdicts.at(-1));
    },
    600_000,
  );
});
