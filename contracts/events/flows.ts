/**
 * Who says what, and who listens: by the names in `topics`. The members of a `group` share the partitions of a topic and
 * set aside what cannot be decoded; of a `broadcast` every process hears everything that is said from now on.
 */
export const flows = {
  orders: {
    /** The beginning of the `source` of its events. */
    source: '/orders',
    sends: [{ topic: 'orders', types: ['order.placed', 'order.cancelled', 'order.expired'] }],
    receives: [
      {
        topic: 'inventory',
        group: 'orders',
        types: ['inventory.reserved', 'inventory.rejected'],
        why: 'Gives orders the decision about their stock.',
      },
      {
        topic: 'inventory',
        broadcast: 'orders-waiters',
        types: ['inventory.reserved', 'inventory.rejected'],
        why: 'Answers the clients of this process that wait for a decision.',
      },
    ],
  },
  products: {
    source: '/products',
    sends: [
      { topic: 'inventory', types: ['inventory.reserved', 'inventory.rejected', 'inventory.released'] },
      {
        topic: 'products',
        types: ['product.created', 'product.updated', 'product.deleted', 'product.stock_changed'],
      },
    ],
    receives: [
      {
        topic: 'orders',
        group: 'products',
        types: ['order.placed', 'order.cancelled', 'order.expired'],
        why: 'Reserves stock for orders, and takes it back.',
      },
      {
        topic: 'products',
        broadcast: 'products-cache',
        types: ['product.created', 'product.updated', 'product.deleted', 'product.stock_changed'],
        why: 'Drops from the cache what another process has changed.',
      },
      {
        topic: 'products',
        group: 'products-dlq',
        types: ['product.created', 'product.updated', 'product.deleted', 'product.stock_changed'],
        why: 'Sets aside what cannot be decoded, which a broadcast does not.',
      },
    ],
  },
} as const;
