import { describe, expect, test } from 'vitest';
import { adjustStock } from './adjust-stock.ts';
import { changeProduct } from './change-product.ts';
import type { ProductState } from './product-change.ts';
import type { ProductStore } from './product-store.ts';

const now = new Date('2026-01-31T12:00:00.000Z');

function state(quantity: number): ProductState {
  const facts = { _id: 'tea', name: 'Tea', price: 450, status: 'ACTIVE', revision: 1 } as const;
  return { ...facts, quantity, stocked: quantity, createdAt: now, updatedAt: now };
}

/** A store in which somebody else takes one each time, so many times. */
function contested(
  quantity: number,
  times: number,
): Pick<ProductStore, 'find' | 'replace'> & { tries: number } {
  const store = {
    tries: 0,
    find: async () => state(quantity - Math.min(store.tries, times)),
    replace: async () => store.tries++ >= times,
  };
  return store;
}

describe('changeProduct', () => {
  const takeTwo = adjustStock(-2);

  test('decides again about what is stored by then', async () => {
    const store = contested(10, 3);
    const outcome = await changeProduct(store, 'tea', takeTwo, () => now);
    expect(outcome).toMatchObject({ kind: 'changed', before: { quantity: 7 }, after: { quantity: 5 } });
    expect(store.tries).toBe(4);
  });

  test('refuses what is no longer possible by then', async () => {
    const outcome = await changeProduct(contested(3, 2), 'tea', takeTwo, () => now);
    expect(outcome).toEqual({ kind: 'insufficient-stock', available: 1 });
  });

  test('gives up after 100 tries', async () => {
    const store = contested(10_000, Number.POSITIVE_INFINITY);
    expect(await changeProduct(store, 'tea', takeTwo, () => now)).toEqual({ kind: 'contended' });
    expect(store.tries).toBe(100);
  });

  test('finds nothing to change', async () => {
    const store = { ...contested(1, 0), find: async () => null };
    expect(await changeProduct(store, 'tea', takeTwo, () => now)).toEqual({ kind: 'not-found' });
  });
});
