import type { Decide } from './product-change.ts';

/**
 * Takes the product out of the shop. The document stays: the reservations' fences and the returns of cancelled
 * orders still need it.
 */
export const deleteProduct: Decide = (before, now) => ({
  kind: 'change',
  after: { ...before, status: 'DELETED', updatedAt: now },
  event: 'product.deleted',
});
