import type { Order } from './order.ts';

/** One request that waits for an order to be decided. */
export interface Waiter {
  /** The decided order, or null when the time is over or the process ends. Call it once, or `cancel`. */
  wait(timeoutMs: number): Promise<Order | null>;
  /** Gives up the place. Idempotent. */
  cancel(): void;
}

/**
 * Two thirds of the calls that a router makes to one process at once, and half of the requests that a process works
 * on: while decisions are slow to come, others still get through.
 */
export const defaultMaxWaiters = 500;

/** The requests of this process that wait for decisions, up to a limit. */
export class OrderWaiters {
  #maxWaiters: number;
  #count = 0;
  #isClosed = false;
  #byOrder = new Map<string, Set<(order: Order | null) => void>>();

  constructor(maxWaiters = defaultMaxWaiters) {
    this.#maxWaiters = maxWaiters;
  }

  /** A place to wait, taken before the order can be decided so that nothing is missed; null when all are taken. */
  register(orderId: string): Waiter | null {
    if (this.#isClosed || this.#count >= this.#maxWaiters) return null;
    const { promise, resolve } = Promise.withResolvers<Order | null>();
    this.#add(orderId, resolve);
    const cancel = () => {
      this.#remove(orderId, resolve);
      resolve(null);
    };
    return {
      cancel,
      async wait(timeoutMs) {
        const timer = setTimeout(cancel, timeoutMs);
        const order = await promise;
        clearTimeout(timer);
        return order;
      },
    };
  }

  /** Those of these orders that someone here waits for. */
  awaited(orderIds: string[]): string[] {
    return orderIds.filter((orderId) => this.#byOrder.has(orderId));
  }

  /** Answers everyone who waits for this order; a pending one is nothing to wake for. */
  wake(order: Order): void {
    if (order.status === 'PENDING') return;
    for (const answer of this.#byOrder.get(order._id) ?? []) {
      this.#remove(order._id, answer);
      answer(order);
    }
  }

  /** Answers all who wait, with null, and lets nobody wait any more. */
  close(): void {
    this.#isClosed = true;
    for (const answers of this.#byOrder.values()) for (const answer of answers) answer(null);
    this.#byOrder.clear();
    this.#count = 0;
  }

  #add(orderId: string, answer: (order: Order | null) => void): void {
    const answers = this.#byOrder.get(orderId) ?? new Set();
    this.#byOrder.set(orderId, answers.add(answer));
    this.#count++;
  }

  #remove(orderId: string, answer: (order: Order | null) => void): void {
    const answers = this.#byOrder.get(orderId);
    if (!answers?.delete(answer)) return;
    this.#count--;
    if (answers.size === 0) this.#byOrder.delete(orderId);
  }
}
