import type { OrderStore } from './order-store.ts';
import type { OrderWaiters } from './order-waiters.ts';

/** Answers those who wait here for these orders with what is stored now; one query, or none if nobody waits. */
export async function wakeWaiters(
  orderIds: string[],
  { store, waiters }: { store: OrderStore; waiters: OrderWaiters },
): Promise<void> {
  const awaited = waiters.awaited(orderIds);
  if (awaited.length === 0) return;
  for (const order of await store.findByIds(awaited)) waiters.wake(order);
}
