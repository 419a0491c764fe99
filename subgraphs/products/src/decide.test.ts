import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { HeldProduct, ReservationLine } from './reservation.ts';

const held = { o1: { quantity: 2, released: false } };

function product(_id: string, facts: Partial<HeldProduct> = {}): [string, HeldProduct] {
  return [_id, { _id, price: 450, quantity: 5, status: 'ACTIVE', holds: {}, ...facts }];
}

const attempt = (...lines: ReservationLine[]) => ({ orderId: 'o1', offset: 7, lines });
const two = (productId: string) => ({ productId, quantity: 2 });

describe('an order', () => {
  test('whose lines are all held is reserved at the prices of this moment', () => {
    const products = new Map([
      product('tea', { holds: held }),
      product('pot', { holds: held, price: 2_000, quantity: 0 }),
    ]);
    expect(decide(attempt(two('tea'), two('pot')), products)).toEqual({
      kind: 'reserved',
      orderId: 'o1',
      lines: [
        { productId: 'tea', quantity: 2, unitPrice: 450 },
        { productId: 'pot', quantity: 2, unitPrice: 2_000 },
      ],
      total: 4_900,
    });
  });

  test('that holds its line is served though the product has gone off sale since', () => {
    const products = new Map([product('tea', { holds: held, status: 'DELETED' })]);
    expect(decide(attempt(two('tea')), products)).toMatchObject({ kind: 'reserved', total: 900 });
  });

  test.each<[string, [string, HeldProduct][], number]>([
    ['a product that there is not', [], 0],
    ['one that is INACTIVE', [product('tea', { status: 'INACTIVE' })], 0],
    ['one that is DELETED', [product('tea', { status: 'DELETED' })], 0],
    ['one with too little', [product('tea', { quantity: 1 })], 1],
    ['one with nothing', [product('tea', { quantity: 0 })], 0],
    ['one that has come back since', [product('tea', { quantity: 5 })], 1],
    ['one that another order holds', [product('tea', { quantity: 0, holds: { o2: held.o1 } })], 0],
    [
      'one that only the return of the order marks',
      [product('tea', { quantity: 0, holds: { 'o1:return': held.o1 } })],
      0,
    ],
  ])('for %s is rejected, and is told what there was', (_what, products, available) => {
    const lines = [two('pot'), two('tea')];
    const pot = product('pot', { holds: held });
    expect(decide(attempt(...lines), new Map([pot, ...products]))).toEqual({
      kind: 'rejected',
      orderId: 'o1',
      reason: 'INSUFFICIENT_STOCK',
      shortages: [{ productId: 'tea', requested: 2, available }],
    });
  });

  test.each([
    [2 ** 30, 'rejected'],
    [2 ** 30 - 1, 'reserved'],
  ])('of two at %d is %s: the total must be an Int', (price, kind) => {
    const decision = decide(attempt(two('tea')), new Map([product('tea', { holds: held, price })]));
    expect(decision.kind).toBe(kind);
    if (decision.kind === 'rejected') {
      expect(decision).toMatchObject({ reason: 'TOTAL_TOO_LARGE', shortages: [] });
    }
  });
});
