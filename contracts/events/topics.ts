/**
 * The topics, their partition counts and the event types each carries. The key of every record of a topic is
 * the named id, so that the events of one order, or of one product, keep their order. A partition count is
 * never changed under the same name: keys would move. A consumer skips types that it does not know.
 */
export const topics = {
  /** Key: order id. */
  orders: { topic: 'orders.v1', partitions: 6, types: ['order.placed', 'order.cancelled', 'order.expired'] },
  /** Key: order id. */
  inventory: {
    topic: 'inventory.v1',
    partitions: 6,
    types: ['inventory.reserved', 'inventory.rejected', 'inventory.released'],
  },
  /** Key: product id. */
  products: {
    topic: 'products.v1',
    partitions: 6,
    types: ['product.created', 'product.updated', 'product.deleted', 'product.stock_changed'],
  },
} as const;

/** So long that somebody has the time to find the cause of a dead letter and mend it. */
const retentionMs = 90 * 24 * 3_600_000;

/** Where the records of a topic go that nobody can decode, as they came, with their cause in the headers. */
export const deadLetterTopics = {
  orders: { topic: 'orders.v1.dlq', partitions: 1, retentionMs },
  inventory: { topic: 'inventory.v1.dlq', partitions: 1, retentionMs },
  products: { topic: 'products.v1.dlq', partitions: 1, retentionMs },
} as const;
