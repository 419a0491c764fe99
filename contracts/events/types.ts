/**
 * Generated from the schemas of this folder by `npm run generate`: do not edit.
 */

/**
 * A user placed an order; its stock is not reserved yet.
 */
export interface OrderPlacedV1 {
  /**
   * The order's id; also the record's key.
   */
  orderId: string;
  /**
   * The user who placed the order.
   */
  userId: string;
  /**
   * What was ordered; each product once.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One product of the order.
   */
  lines: {
    /**
     * The product's id.
     */
    productId: string;
    /**
     * Units ordered.
     */
    quantity: number;
  }[];
  /**
   * When the order was stored (RFC 3339, UTC).
   */
  placedAt: string;
}

/**
 * An order that was pending or confirmed was cancelled: what it reserved is to be given back.
 */
export interface OrderCancelledV1 {
  /**
   * The order's id; also the record's key.
   */
  orderId: string;
  /**
   * When it was cancelled (RFC 3339, UTC).
   */
  at: string;
}

/**
 * A pending order was not decided in time: what it reserved is to be given back.
 */
export interface OrderExpiredV1 {
  /**
   * The order's id; also the record's key.
   */
  orderId: string;
  /**
   * When it expired (RFC 3339, UTC).
   */
  at: string;
}

/**
 * Every line of an order was taken from stock.
 */
export interface InventoryReservedV1 {
  /**
   * The order's id; also the record's key.
   */
  orderId: string;
  /**
   * What was reserved, with the prices of that moment; each product once.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One reserved product.
   */
  lines: {
    /**
     * The product's id.
     */
    productId: string;
    /**
     * Units reserved.
     */
    quantity: number;
    /**
     * Price of one unit, in minor units of the shop's currency.
     */
    unitPrice: number;
  }[];
  /**
   * Sum of quantity times unitPrice over the lines, in minor units of the shop's currency.
   */
  total: number;
}

/**
 * An order was not reserved; nothing of it is held.
 */
export interface InventoryRejectedV1 {
  /**
   * The order's id; also the record's key.
   */
  orderId: string;
  /**
   * INSUFFICIENT_STOCK: a line could not be served, see shortages. TOTAL_TOO_LARGE: the order's total exceeds 2147483647 minor units.
   */
  reason: 'INSUFFICIENT_STOCK' | 'TOTAL_TOO_LARGE';
  /**
   * The lines that could not be served; empty unless the reason is INSUFFICIENT_STOCK.
   *
   * @minItems 0
   * @maxItems 100
   *
   * Items: One product that there was too little of.
   */
  shortages: {
    /**
     * The product's id.
     */
    productId: string;
    /**
     * Units ordered.
     */
    requested: number;
    /**
     * Units that could have been had; 0 for a product that does not exist.
     */
    available: number;
  }[];
}

/**
 * What a cancelled or expired order had reserved is back in stock.
 */
export interface InventoryReleasedV1 {
  /**
   * The order's id; also the record's key.
   */
  orderId: string;
  /**
   * What was given back; each product once.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One product given back.
   */
  lines: {
    /**
     * The product's id.
     */
    productId: string;
    /**
     * Units given back.
     */
    quantity: number;
  }[];
}

/**
 * A product was added to the catalogue.
 */
export interface ProductCreatedV1 {
  /**
   * The product's id; also the record's key.
   */
  productId: string;
  /**
   * The product's name.
   */
  name: string;
  /**
   * Price of one unit, in minor units of the shop's currency.
   */
  price: number;
  /**
   * Units that can be sold now.
   */
  quantity: number;
  /**
   * ACTIVE: offered to everybody. INACTIVE: seen by admins only.
   */
  status: 'ACTIVE' | 'INACTIVE';
}

/**
 * A product was changed by an admin; all members give the state after the change.
 */
export interface ProductUpdatedV1 {
  /**
   * The product's id; also the record's key.
   */
  productId: string;
  /**
   * The product's name.
   */
  name: string;
  /**
   * Price of one unit, in minor units of the shop's currency.
   */
  price: number;
  /**
   * Units that can be sold now.
   */
  quantity: number;
  /**
   * ACTIVE: offered to everybody. INACTIVE: seen by admins only.
   */
  status: 'ACTIVE' | 'INACTIVE';
}

/**
 * A product was removed from the catalogue.
 */
export interface ProductDeletedV1 {
  /**
   * The product's id; also the record's key.
   */
  productId: string;
}

/**
 * A product's stock changed by a reservation, a release or an adjustment.
 */
export interface ProductStockChangedV1 {
  /**
   * The product's id; also the record's key.
   */
  productId: string;
  /**
   * Units that can be sold after the change.
   */
  quantity: number;
}

/** What producers say: the data of each event type, in the major version in which it is written. */
export interface EventData {
  'order.placed': OrderPlacedV1;
  'order.cancelled': OrderCancelledV1;
  'order.expired': OrderExpiredV1;
  'inventory.reserved': InventoryReservedV1;
  'inventory.rejected': InventoryRejectedV1;
  'inventory.released': InventoryReleasedV1;
  'product.created': ProductCreatedV1;
  'product.updated': ProductUpdatedV1;
  'product.deleted': ProductDeletedV1;
  'product.stock_changed': ProductStockChangedV1;
}

/** What consumers hear: the data of each event type, in any major version that may still lie somewhere. */
export interface ReceivedData {
  'order.placed': OrderPlacedV1;
  'order.cancelled': OrderCancelledV1;
  'order.expired': OrderExpiredV1;
  'inventory.reserved': InventoryReservedV1;
  'inventory.rejected': InventoryRejectedV1;
  'inventory.released': InventoryReleasedV1;
  'product.created': ProductCreatedV1;
  'product.updated': ProductUpdatedV1;
  'product.deleted': ProductDeletedV1;
  'product.stock_changed': ProductStockChangedV1;
}
