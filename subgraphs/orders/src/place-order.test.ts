import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderLine } from './order.ts';
import { hashRequest, mergeLines, type Placement, placeOrder } from './place-order.ts';

const now = new Date('2026-01-31T12:00:00.000Z');
const facts = { userId: 'ann', orderId: 'order-1', now, expiresAfterMs: 60_000 };
const tea = { _id: 'tea', quantity: 2 };

function problemsOf(placement: Placement): string[] {
  const placing = placeOrder(placement, facts);
  return placing.kind === 'invalid' ? placing.problems.map(({ path }) => path) : [];
}

function orderOf(placement: Placement) {
  const placing = placeOrder(placement, facts);
  if (placing.kind === 'invalid') throw new Error(JSON.stringify(placing.problems));
  return placing.order;
}

const lines = fc.array(
  fc.record({ productId: fc.constantFrom('a', 'b', 'c', 'd'), quantity: fc.integer({ min: 1, max: 100 }) }),
  { minLength: 1, maxLength: 20 },
);

function quantityOf(productId: string, of: OrderLine[]): number {
  return of.filter((line) => line.productId === productId).reduce((sum, line) => sum + line.quantity, 0);
}

describe('placeOrder', () => {
  test('makes a pending order that carries its event', () => {
    const products = [tea, { _id: 'mug', quantity: 1 }, { _id: 'tea', quantity: 3 }];
    const order = orderOf({ products, idempotencyKey: 'k', waitMs: 5 });
    const merged = [
      { productId: 'tea', quantity: 5 },
      { productId: 'mug', quantity: 1 },
    ];
    expect(order).toEqual({
      _id: 'order-1',
      userId: 'ann',
      placementKey: 'ann:k',
      requestHash: hashRequest(merged),
      status: 'PENDING',
      lines: merged,
      createdAt: now,
      updatedAt: now,
      expiresAt: new Date('2026-01-31T12:01:00.000Z'),
      outbox: [
        {
          id: 'order-1:1',
          type: 'order.placed',
          data: { orderId: 'order-1', userId: 'ann', lines: merged, placedAt: now.toISOString() },
          at: now.toISOString(),
        },
      ],
      outboxAt: now,
    });
  });

  test('has a placementKey only when the client gave a key', () => {
    for (const idempotencyKey of [undefined, null]) {
      expect(orderOf({ products: [tea], idempotencyKey })).not.toHaveProperty('placementKey');
    }
  });

  test.each<[string, Placement, string[]]>([
    ['no products', {}, ['products']],
    ['null', { products: null }, ['products']],
    ['an empty list', { products: [] }, ['products']],
    ['a null line', { products: [tea, null] }, ['products.1']],
    ['101 lines', { products: Array(101).fill(tea) }, ['products']],
    ['thousands of bad lines, with one problem', { products: Array(9_000).fill(null) }, ['products']],
    ['quantity 0', { products: [{ _id: 'tea', quantity: 0 }] }, ['products.0.quantity']],
    ['quantity -1', { products: [{ _id: 'tea', quantity: -1 }] }, ['products.0.quantity']],
    ['quantity 10001', { products: [{ _id: 'tea', quantity: 10_001 }] }, ['products.0.quantity']],
    ['half a piece', { products: [{ _id: 'tea', quantity: 1.5 }] }, ['products.0.quantity']],
    ['an empty _id', { products: [{ _id: '', quantity: 1 }] }, ['products.0._id']],
    ['an _id of 65', { products: [{ _id: 'x'.repeat(65), quantity: 1 }] }, ['products.0._id']],
    ['an _id with a dot', { products: [{ _id: 'a.b', quantity: 1 }] }, ['products.0._id']],
    ['an _id with a dollar', { products: [{ _id: '$a', quantity: 1 }] }, ['products.0._id']],
    ['an _id with a line end', { products: [{ _id: 'a\n', quantity: 1 }] }, ['products.0._id']],
    [
      'one product adding up to more than 10000',
      { products: [{ _id: 'mug', quantity: 1 }, tea, { _id: 'tea', quantity: 9_999 }] },
      ['products.1.quantity'],
    ],
    ['an empty key', { products: [tea], idempotencyKey: '' }, ['idempotencyKey']],
    ['a key of 129', { products: [tea], idempotencyKey: 'k'.repeat(129) }, ['idempotencyKey']],
    ['a broken key', { products: [tea], idempotencyKey: '\ud800' }, ['idempotencyKey']],
    ['waitMs -1', { products: [tea], waitMs: -1 }, ['waitMs']],
    ['waitMs 10001', { products: [tea], waitMs: 10_001 }, ['waitMs']],
    [
      'everything at once',
      { products: [], idempotencyKey: '', waitMs: -1 },
      ['products', 'idempotencyKey', 'waitMs'],
    ],
  ])('refuses %s', (_, placement, paths) => {
    expect(problemsOf(placement)).toEqual(paths);
  });

  test.each<[string, Placement]>([
    ['100 lines', { products: Array(100).fill(tea) }],
    [
      'quantity 1 and 10000',
      {
        products: [
          { _id: 'a', quantity: 1 },
          { _id: 'b', quantity: 10_000 },
        ],
      },
    ],
    ['an _id of 64', { products: [{ _id: 'x'.repeat(64), quantity: 1 }] }],
    ['a key of 128', { products: [tea], idempotencyKey: 'k'.repeat(128) }],
    ['waitMs 10000', { products: [tea], waitMs: 10_000 }],
    ['waitMs null', { products: [tea], waitMs: null }],
  ])('accepts %s', (_, placement) => {
    expect(problemsOf(placement)).toEqual([]);
  });
});

test('whatever a client sends is refused, or makes an event that its schema allows', () => {
  const id = fc.oneof(fc.constantFrom('tea', 'x'.repeat(64), 'a\n', '', '__proto__'), fc.uuid());
  const quantity = fc.oneof(fc.constantFrom(1, 5_000, 10_000, 10_001, -0, 1.5), fc.integer());
  const products = fc.array(fc.record({ _id: id, quantity }), { maxLength: 101 });
  const kinds = new Set<string>();
  fc.assert(
    fc.property(products, (products) => {
      kinds.add(placeOrder({ products }, facts).kind);
    }),
  );
  expect(kinds).toEqual(new Set(['order', 'invalid']));
});

describe('mergeLines', () => {
  test('names each product once, keeps every quantity, and changes nothing when repeated', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const merged = mergeLines(given);
        expect(merged.map((line) => line.productId)).toEqual([
          ...new Set(given.map((line) => line.productId)),
        ]);
        for (const { productId, quantity } of merged) expect(quantity).toBe(quantityOf(productId, given));
        expect(mergeLines(merged)).toEqual(merged);
      }),
    );
  });
});

describe('hashRequest', () => {
  test('is the same for the same wish in any order and split, and for no other', () => {
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const isSame = ['a', 'b', 'c', 'd'].every((id) => quantityOf(id, one) === quantityOf(id, other));
        expect(hashRequest(mergeLines(one)) === hashRequest(mergeLines(other))).toBe(isSame);
        expect(hashRequest(mergeLines(one.toReversed()))).toBe(hashRequest(mergeLines(one)));
      }),
    );
  });
});
