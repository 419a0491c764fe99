import type { OutboxEntry } from '@shop/shared/events/outbox-relay';

/** A product as it is stored. `fence`, `holds`, `stocked`, `committed` and the outbox never leave the subgraph. */
export interface ProductDoc {
  _id: string;
  name: string;
  /** The name in lower case, for sorting. */
  nameKey: string;
  /** The words of the name, normalised, for searching. */
  terms: string[];
  description?: string;
  /** In minor units. */
  price: number;
  /** What can be sold now. Never below zero. */
  quantity: number;
  /** What orders have taken and not given back. */
  committed: number;
  /** Everything ever stocked: always quantity + committed. Bounds both. */
  stocked: number;
  /** DELETED keeps the document, so that fences and late returns find it; readers never see it. */
  status: 'ACTIVE' | 'INACTIVE' | 'DELETED';
  createdAt: Date;
  /** When an admin last changed it. */
  updatedAt: Date;
  /** Counts the admin's changes: guards them against each other and numbers their events. Reservations leave it alone. */
  revision?: number;
  /**
   * The last offset per partition of orders.v1 up to which no hold (`<p>h`) or return (`<p>r`) can succeed any more.
   * A partition's key names its log, so that a new log, whose offsets begin again, is not behind the old one's fences.
   */
  fence: Record<string, number>;
  /** Marks of orders in the running batches, `<orderId>` and `<orderId>:return`; empty between batches. */
  holds: Record<string, Hold>;
  outbox: OutboxEntry[];
  outboxAt?: Date;
}

export interface Hold {
  quantity: number;
  released: boolean;
}
