import type { Hold, ProductDoc } from './product.ts';

export interface Inventory {
  productId: string;
  /** Can be sold now. */
  available: number;
  /** Held by orders that are being decided. */
  reserved: number;
  /** In confirmed orders. */
  sold: number;
}

/** Where the stock of a product is, from what its document counts. Pure. */
export function inventoryOf(
  product: Pick<ProductDoc, '_id' | 'quantity' | 'committed' | 'holds'>,
): Inventory {
  const reserved = Object.entries(product.holds).reduce((sum, hold) => sum + heldBy(hold), 0);
  // The marks of decided orders stay until the end of their batch: they never count for more than was taken.
  const open = Math.min(reserved, product.committed);
  return {
    productId: product._id,
    available: product.quantity,
    reserved: open,
    sold: product.committed - open,
  };
}

// A return's mark only says that the return has happened.
function heldBy([mark, hold]: [string, Hold]): number {
  return hold.released || mark.endsWith(':return') ? 0 : hold.quantity;
}
