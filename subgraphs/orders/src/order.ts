import type { OutboxDoc } from '@shop/shared/events/outbox';

/** PENDING turns into one of the others; CONFIRMED may still turn into CANCELLED. Nothing else ever changes. */
export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'EXPIRED';

/** One product of an order; an order names each product once. */
export interface OrderLine {
  productId: string;
  quantity: number;
  /** The price of one in minor units; there once the order is confirmed. */
  unitPrice?: number;
}

export type RejectionReason = 'INSUFFICIENT_STOCK' | 'TOTAL_TOO_LARGE';

/** What an order asked for and could not get. */
export interface Shortage {
  productId: string;
  requested: number;
  available: number;
}

/** An order as readers see it. */
export interface Order {
  _id: string;
  userId: string;
  status: OrderStatus;
  lines: OrderLine[];
  /** In minor units; there once the order is confirmed. */
  total?: number;
  /** There once the order is rejected. */
  shortages?: Shortage[];
  /** There once the order is rejected. */
  reason?: RejectionReason;
  createdAt: Date;
  /** When the status last changed. */
  updatedAt: Date;
  /** PENDING at this time: it expires. */
  expiresAt: Date;
}

/** An order as it is stored. */
export interface OrderDoc extends Order, OutboxDoc {
  /** `<userId>:<idempotencyKey>`; only there when the client gave a key, and then unique. */
  placementKey?: string;
  /** Tells whether a placement repeats this one. */
  requestHash: string;
}

/** Who cancels an order: the admin any, a user their own. */
export type Canceller = { kind: 'admin' } | { kind: 'user'; userId: string };
