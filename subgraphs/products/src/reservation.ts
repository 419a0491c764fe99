import type { OutboxEntry } from '@shop/shared/events/outbox-relay';
import type { ProductDoc } from './product.ts';

export type ReservationState =
  | 'reserving'
  | 'reserved'
  | 'rejecting'
  | 'rejected'
  | 'releasing'
  | 'released'
  | 'cancelled';

export interface ReservationLine {
  productId: string;
  quantity: number;
}

export interface PricedLine extends ReservationLine {
  /** The price of one in minor units, as it was when the order was decided. */
  unitPrice: number;
}

export interface Shortage {
  productId: string;
  requested: number;
  available: number;
}

export type RejectionReason = 'INSUFFICIENT_STOCK' | 'TOTAL_TOO_LARGE';

/** What Products decided about an order. Kept longer than the topic keeps the order's events. */
export interface ReservationDoc {
  /** The order's id. */
  _id: string;
  state: ReservationState;
  lines: (ReservationLine & { unitPrice?: number })[];
  shortages?: Shortage[];
  reason?: RejectionReason;
  createdAt: Date;
  outbox: OutboxEntry[];
  outboxAt?: Date;
}

/** What of it tells how the protocol goes on. */
export type Reservation = Pick<ReservationDoc, '_id' | 'state' | 'lines' | 'shortages' | 'reason'>;

/** An order's attempt, at its offset of the partition, to hold its lines or to give them back. */
export interface Attempt {
  orderId: string;
  offset: number;
  lines: ReservationLine[];
}

/** What is decided about an order, once and for all. */
export type Decision =
  | { kind: 'reserved'; orderId: string; lines: PricedLine[]; total: number }
  | { kind: 'rejected'; orderId: string; reason: RejectionReason; shortages: Shortage[] };

/** What a product says once no attempt of the batch can change it any more. */
export type HeldProduct = Pick<ProductDoc, '_id' | 'price' | 'quantity' | 'status' | 'holds'>;
