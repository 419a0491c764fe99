import { topics } from '@shop/contracts/events/topics.ts';
import { consumeEvents } from '@shop/shared/events/consume';
import type { Events, Subscription } from '@shop/shared/events/port';
import type { Logger } from '@shop/shared/process/log';
import { type Decision, decidingTypes, decisionOf } from './decision.ts';
import type { WriteDecisions } from './decision-writer.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderWaiters } from './order-waiters.ts';
import { wakeWaiters } from './wake-waiters.ts';

export interface InventoryListener {
  events: Events;
  log: Logger;
  store: OrderStore;
  waiters: OrderWaiters;
  /** One for all consumers of the process. */
  write: WriteDecisions;
}

/** Gives orders the decisions that Products publishes; the Orders processes share the partitions. */
export function decideOrders(listener: InventoryListener): Promise<Subscription> {
  return consumeEvents({
    events: listener.events,
    log: listener.log,
    group: 'orders',
    source: topics.inventory,
    types: decidingTypes,
    onEvents: ({ events }) =>
      applyDecisions(
        events.map(({ event }) => decisionOf(event)),
        listener,
      ),
  });
}

/**
 * Every process hears every decision, but acts only on the orders that its own clients wait for, and does for
 * them what the group does for all. So nobody waits for another process, whichever has the partition.
 */
export function decideAwaitedOrders(listener: InventoryListener): Promise<Subscription> {
  return consumeEvents({
    events: listener.events,
    log: listener.log,
    group: { broadcast: 'orders-waiters' },
    source: topics.inventory,
    types: decidingTypes,
    onEvents: ({ events }) => {
      const decisions = events.map(({ event }) => decisionOf(event));
      const awaited = new Set(listener.waiters.awaited(decisions.map(({ orderId }) => orderId)));
      return applyDecisions(
        decisions.filter(({ orderId }) => awaited.has(orderId)),
        listener,
      );
    },
  });
}

async function applyDecisions(decisions: Decision[], listener: InventoryListener): Promise<void> {
  if (decisions.length === 0) return;
  await listener.write(decisions);
  await wakeWaiters(
    decisions.map(({ orderId }) => orderId),
    listener,
  );
}
