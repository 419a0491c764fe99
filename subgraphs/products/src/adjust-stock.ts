import type { Decide, Decision } from './product-change.ts';
import { largestInt } from './product-input.ts';

/** Adds `delta` to the stock, or takes it; never below zero and never beyond what can be counted. */
export function adjustStock(delta: number): Decide {
  return (before, now): Decision => {
    const quantity = before.quantity + delta;
    const stocked = before.stocked + delta;
    if (quantity < 0) return { kind: 'insufficient-stock', available: before.quantity };
    if (stocked > largestInt) {
      const message = `must be at most ${largestInt - before.stocked}: a product's stock is limited`;
      return { kind: 'invalid', fields: [{ path: 'delta', message }] };
    }
    return {
      kind: 'change',
      after: { ...before, quantity, stocked, updatedAt: now },
      event: 'product.stock_changed',
    };
  };
}
