import inventoryRejectedV1 from './inventory.rejected.v1.schema.json' with { type: 'json' };
import inventoryReleasedV1 from './inventory.released.v1.schema.json' with { type: 'json' };
import inventoryReservedV1 from './inventory.reserved.v1.schema.json' with { type: 'json' };
import orderCancelledV1 from './order.cancelled.v1.schema.json' with { type: 'json' };
import orderExpiredV1 from './order.expired.v1.schema.json' with { type: 'json' };
import orderPlacedV1 from './order.placed.v1.schema.json' with { type: 'json' };
import productCreatedV1 from './product.created.v1.schema.json' with { type: 'json' };
import productDeletedV1 from './product.deleted.v1.schema.json' with { type: 'json' };
import productStockChangedV1 from './product.stock_changed.v1.schema.json' with { type: 'json' };
import productUpdatedV1 from './product.updated.v1.schema.json' with { type: 'json' };

/** The JSON Schema of the `data` of every event type, by major version. Within one, a schema only grows. */
export const schemas = {
  'order.placed': { v1: orderPlacedV1 },
  'order.cancelled': { v1: orderCancelledV1 },
  'order.expired': { v1: orderExpiredV1 },
  'inventory.reserved': { v1: inventoryReservedV1 },
  'inventory.rejected': { v1: inventoryRejectedV1 },
  'inventory.released': { v1: inventoryReleasedV1 },
  'product.created': { v1: productCreatedV1 },
  'product.updated': { v1: productUpdatedV1 },
  'product.deleted': { v1: productDeletedV1 },
  'product.stock_changed': { v1: productStockChangedV1 },
} as const;
