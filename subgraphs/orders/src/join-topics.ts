import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { backoffMs, pause } from '@shop/shared/events/backoff';
import type { Subscription } from '@shop/shared/events/port';
import { decideAwaitedOrders, decideOrders, type InventoryListener } from './on-inventory.ts';

export interface Membership {
  /** True once both subscriptions deliver. */
  isReady(): boolean;
  /** Gives up joining, or finishes the running batches and leaves. Idempotent. */
  stop(): Promise<void>;
}

const retry = { minMs: 250, maxMs: 5_000 };

/**
 * Creates the topics of Orders and subscribes, in the background: orders can be placed while the brokers are
 * away, and wait in their outboxes. Tried again, at most every 5 s, until it succeeds or `stop` is called:
 * until then this process is not ready.
 */
export function joinTopics(listener: InventoryListener): Membership {
  const stopping = new AbortController();
  const subscriptions: Subscription[] = [];
  const steps = [
    async () => {
      await listener.events.createTopics([
        topics.orders,
        topics.inventory,
        deadLetterTopics.orders,
        deadLetterTopics.inventory,
      ]);
    },
    // The awaited first: a decision that comes while the group joins is for someone who already listens.
    async () => void subscriptions.push(await decideAwaitedOrders(listener)),
    async () => void subscriptions.push(await decideOrders(listener)),
  ];
  const joining = runAll(steps, listener, stopping.signal);
  return {
    isReady: () => subscriptions.length === steps.length - 1 && subscriptions.every((each) => each.isReady()),
    async stop() {
      stopping.abort();
      await joining;
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    },
  };
}

async function runAll(
  steps: (() => Promise<void>)[],
  { log }: InventoryListener,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  for (let next = 0; next < steps.length && !signal.aborted; ) {
    try {
      await steps[next]!();
      next++;
    } catch (error) {
      if (failures++ === 0) log.warn({ err: error }, 'the topics cannot be joined yet; trying again');
      await pause(backoffMs(failures, retry), signal);
    }
  }
  if (failures > 0 && !signal.aborted) log.info('the topics are joined');
}
