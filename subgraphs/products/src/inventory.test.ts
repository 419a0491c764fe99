import { expect, test } from 'vitest';
import { inventoryOf } from './inventory.ts';

const hold = (quantity: number, released = false) => ({ quantity, released });

test.each([
  ['nothing is held', 0, {}, 0, 0],
  ['all is sold', 5, {}, 0, 5],
  ['an order is being decided', 5, { o1: hold(2) }, 2, 3],
  ['a rejected one has given back', 5, { o1: hold(2, true), o2: hold(1) }, 1, 4],
  ['a return is marked', 5, { 'o1:return': hold(2, true) }, 0, 5],
  ['a mark outlives what it took', 1, { o1: hold(2) }, 1, 0],
])('%s', (_what, committed, holds, reserved, sold) => {
  expect(inventoryOf({ _id: 'tea', quantity: 7, committed, holds })).toEqual({
    productId: 'tea',
    available: 7,
    reserved,
    sold,
  });
});
