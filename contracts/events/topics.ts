/**
 * The topics, their partition counts and the event types each carries. The key of every record of a topic is
 * the named member of its data, so that the events of one order, or of one product, keep their order. A partition
 * count is never changed under the same name: keys would move. A consumer skips types that it does not know.
 */
export const topics = {
  orders: {
    topic: 'orders.v1',
    about: 'What users did with their orders, and what became of those that nobody decided in time.',
    key: 'orderId',
    partitions: 6,
    types: ['order.placed', 'order.cancelled', 'order.expired'],
  },
  inventory: {
    topic: 'inventory.v1',
    about: 'What was decided about the stock of orders.',
    key: 'orderId',
    partitions: 6,
    types: ['inventory.reserved', 'inventory.rejected', 'inventory.released'],
  },
  products: {
    topic: 'products.v1',
    about: 'What changed in the catalogue.',
    key: 'productId',
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
