import type { Decide, Decision, ProductState } from './product-change.ts';
import { largestInt, type ProductEdit } from './product-input.ts';

/** Changes what the edit names. `quantity` sets what can be sold, whatever orders have taken meanwhile. */
export function updateProduct(edit: ProductEdit): Decide {
  return (before, now): Decision => {
    if (Object.values(edit).every((value) => value === undefined)) return { kind: 'keep' };
    const { description: _, ...kept } = before;
    const { description = before.description, ...changes } = edit;
    const after: ProductState = {
      ...kept,
      ...withoutUndefined(changes),
      // Nothing rather than null is stored for "no description".
      ...(typeof description === 'string' && { description }),
      updatedAt: now,
    };
    after.stocked += after.quantity - before.quantity;
    if (after.stocked > largestInt) {
      const inOrders = before.stocked - before.quantity;
      const message = `must be at most ${largestInt - inOrders}, since ${inOrders} are in orders`;
      return { kind: 'invalid', fields: [{ path: 'input.quantity', message }] };
    }
    return { kind: 'change', after, event: 'product.updated' };
  };
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(values: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Defined<T>
  >;
}
