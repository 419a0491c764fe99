import { assertMatches } from '@shop/shared/events/event-schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjustStock } from './adjust-stock.ts';
import { createProduct } from './create-product.ts';
import { decide } from './decide.ts';
import { changeEntry } from './product-change.ts';
import { largestInt, newProductInput, productEditInput } from './product-input.ts';
import { createMoves } from './reservation-writes.ts';
import { updateProduct } from './update-product.ts';

// Making an entry throws where its data does not match its schema: these properties say that it never comes to that.

const now = new Date('2026-01-31T12:00:00.000Z');
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 210 }),
  fc.constantFrom(' ', '🍵'.repeat(100), '🍵'.repeat(101), '\ud800'),
);
const amount = fc.oneof(fc.constantFrom(-1, 0, largestInt, largestInt + 1, 1.5), fc.nat());
const status = fc.constantFrom('ACTIVE', 'INACTIVE', 'DELETED');
const input = fc.record(
  { name, price: amount, quantity: amount, status },
  { requiredKeys: ['name', 'price', 'quantity'] },
);
const edit = fc.record({ name, price: amount, quantity: amount, status }, { requiredKeys: [] });

test('whatever an admin sends is refused, or makes an event that its schema allows', () => {
  let changes = 0;
  fc.assert(
    fc.property(input, edit, fc.integer(), fc.nat(1_000), (sent, edited, delta, committed) => {
      const parsed = newProductInput.safeParse(sent);
      if (!parsed.success) return;
      const product = createProduct(parsed.data, 'tea', now);
      // Orders have taken some of it.
      const taken = Math.min(committed, product.quantity);
      const sold = { ...product, quantity: product.quantity - taken };
      const edits = productEditInput.safeParse(edited);
      const decided = [adjustStock(delta), ...(edits.success ? [updateProduct(edits.data)] : [])];
      for (const decision of decided.map((one) => one(sold, now))) {
        if (decision.kind !== 'change') continue;
        changeEntry(decision.event, decision.after);
        // What orders took comes back, and the topic is told.
        const quantity = decision.after.quantity + taken;
        assertMatches('urn:shop:product.stock_changed:v1', { productId: 'tea', quantity });
        changes++;
      }
      changeEntry('product.deleted', sold);
    }),
    { numRuns: 1_000 },
  );
  expect(changes).toBeGreaterThan(50);
});

test('whatever is decided about an order can be told', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 });
  const product = fc.record({
    price: fc.integer({ min: 0, max: largestInt }),
    quantity: fc.integer({ min: 0, max: largestInt }),
    status: fc.constantFrom('ACTIVE', 'INACTIVE', 'DELETED'),
    isHeld: fc.boolean(),
    isThere: fc.boolean(),
  });
  const quantities = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 3, maxLength: 3 });
  const kinds = new Set<string>();
  fc.assert(
    fc.property(ids, quantities, fc.tuple(product, product, product), (productIds, wanted, facts) => {
      const lines = productIds.map((productId, n) => ({ productId, quantity: wanted[n]! }));
      const held = productIds.flatMap((_id, n) => {
        const { isHeld, isThere, ...of } = facts[n]!;
        const holds = isHeld ? { o1: { quantity: wanted[n]!, released: false } } : {};
        return isThere ? [[_id, { _id, ...of, holds }] as const] : [];
      });
      const decision = decide({ orderId: 'o1', offset: 0, lines }, new Map(held));
      const moves = createMoves(() => now);
      moves.decide(decision);
      if (decision.kind === 'rejected') {
        moves.finishRejecting({ _id: 'o1', state: 'rejecting', ...decision, lines });
      } else {
        moves.finishReleasing({ _id: 'o1', state: 'releasing', lines: decision.lines });
      }
      kinds.add(decision.kind === 'rejected' ? decision.reason : decision.kind);
    }),
    { numRuns: 1_000 },
  );
  expect(kinds).toEqual(new Set(['reserved', 'INSUFFICIENT_STOCK', 'TOTAL_TOO_LARGE']));
});
