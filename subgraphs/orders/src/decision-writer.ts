import type { Decision } from './decision.ts';
import type { OrderStore } from './order-store.ts';

/** Resolves when these decisions are stored; rejects when any of them may not be. */
export type WriteDecisions = (decisions: Decision[]) => Promise<void>;

/** Both consumers hear of a decision within moments: more than come in such a time need not be remembered. */
const maxRemembered = 10_000;

/**
 * Stores decisions, each once, although two consumers of this process hear of it: whoever is second waits for the
 * first one's write, or knows that it has succeeded. A write that failed is forgotten, so that it is tried again.
 */
export function createDecisionWriter(
  store: Pick<OrderStore, 'decide'>,
  clock: () => Date,
  limit = maxRemembered,
): WriteDecisions {
  const writes = new Map<string, Promise<void>>();

  function write(decisions: Decision[]): Promise<void> {
    const writing = store.decide(decisions, clock());
    for (const { orderId } of decisions) writes.set(orderId, writing);
    for (const orderId of writes.keys()) {
      if (writes.size <= limit) break;
      writes.delete(orderId);
    }
    writing.catch(() => {
      for (const { orderId } of decisions) if (writes.get(orderId) === writing) writes.delete(orderId);
    });
    return writing;
  }

  return async (decisions) => {
    const others = new Set(decisions.flatMap(({ orderId }) => writes.get(orderId) ?? []));
    const own = decisions.filter(({ orderId }) => !writes.has(orderId));
    await Promise.all([...others, ...(own.length > 0 ? [write(own)] : [])]);
  };
}
