import type { Attempt, Decision, HeldProduct } from './reservation.ts';

// GraphQL's Int, and so Order.total.
const largestTotal = 2 ** 31 - 1;

/**
 * Decides one order by what its products say after the fence: all lines held, at the prices of this moment,
 * or rejected with what was missing. Pure.
 */
export function decide(attempt: Attempt, products: Map<string, HeldProduct>): Decision {
  const { orderId } = attempt;
  const missing = attempt.lines.filter((line) => !products.get(line.productId)?.holds[orderId]);
  if (missing.length > 0) {
    const shortages = missing.map(({ productId, quantity }) => ({
      productId,
      requested: quantity,
      available: available(products.get(productId), quantity),
    }));
    return { kind: 'rejected', orderId, reason: 'INSUFFICIENT_STOCK', shortages };
  }
  const lines = attempt.lines.map((line) => ({
    ...line,
    unitPrice: products.get(line.productId)?.price ?? 0,
  }));
  const total = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0);
  if (total > largestTotal) return { kind: 'rejected', orderId, reason: 'TOTAL_TOO_LARGE', shortages: [] };
  return { kind: 'reserved', orderId, lines, total };
}

// Stock may have come back between the attempt and this look: then what there was is less than was asked for, as
// the attempt found, however much there is now.
function available(product: HeldProduct | undefined, requested: number): number {
  if (product?.status !== 'ACTIVE') return 0;
  return Math.min(product.quantity, requested - 1);
}
