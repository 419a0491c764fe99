import type { OutboxRelay } from '@shop/shared/events/outbox-relay';
import type { OrderStore } from './order-store.ts';
import type { OrderWaiters } from './order-waiters.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface Expiry {
  store: OrderStore;
  relay: Pick<OutboxRelay, 'nudge'>;
  waiters: OrderWaiters;
  clock: () => Date;
}

const pageSize = 200;
/** The rest is left to the next sweep, seconds later. */
const maxPages = 50;

/** Lets pending orders expire whose time is over, the longest overdue first, page by page. */
export async function expireOrders(expiry: Expiry, signal: AbortSignal): Promise<void> {
  const { store, relay, clock } = expiry;
  for (let page = 0; page < maxPages && !signal.aborted; page++) {
    const now = clock();
    const overdue = await store.findOverdue(now, pageSize);
    if (overdue.length === 0) return;
    await store.expire(overdue, now);
    for (const orderId of overdue) relay.nudge(orderId);
    await wakeWaiters(overdue, expiry);
    if (overdue.length < pageSize) return;
  }
}

/** Often enough that an order outlives its time by a quarter at most, and never by more than five seconds. */
export function sweepEveryMs(orderExpiresAfterMs: number): number {
  return Math.min(5_000, Math.ceil(orderExpiresAfterMs / 4));
}
