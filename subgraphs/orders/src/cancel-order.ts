import type { OutboxRelay } from '@shop/shared/events/outbox-relay';
import type { Canceller, Order, OrderStatus } from './order.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderWaiters } from './order-waiters.ts';

export type CancelOutcome =
  | { kind: 'cancelled'; order: Order }
  | { kind: 'not-found' }
  | { kind: 'not-cancellable'; status: OrderStatus };

/** Cancels an order of this user's, or anyone's for an admin; to a user, others' orders do not exist. */
export async function cancelOrder(
  orderId: string,
  canceller: Canceller,
  { store, relay, waiters, clock }: Cancellation,
): Promise<CancelOutcome> {
  const cancelled = await store.cancel(orderId, canceller, clock());
  if (cancelled) {
    relay.nudge(orderId);
    waiters.wake(cancelled);
    return { kind: 'cancelled', order: cancelled };
  }
  const order = await store.findById(orderId);
  const isTheirs = canceller.kind === 'admin' || canceller.userId === order?.userId;
  if (!order || !isTheirs) return { kind: 'not-found' };
  return { kind: 'not-cancellable', status: order.status };
}

export interface Cancellation {
  store: OrderStore;
  relay: Pick<OutboxRelay, 'nudge'>;
  waiters: OrderWaiters;
  clock: () => Date;
}
