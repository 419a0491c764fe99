/**
 * The major version in which producers write each type. A newer one comes in two releases: first its schema, beside the
 * older one, so that every consumer understands both; then its number here.
 */
export const writtenMajors = {
  'order.placed': 1,
  'order.cancelled': 1,
  'order.expired': 1,
  'inventory.reserved': 1,
  'inventory.rejected': 1,
  'inventory.released': 1,
  'product.created': 1,
  'product.updated': 1,
  'product.deleted': 1,
  'product.stock_changed': 1,
} as const;
