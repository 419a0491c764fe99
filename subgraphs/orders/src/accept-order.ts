import { settlesWithin } from '@shop/shared/events/backoff';
import type { OutboxRelay } from '@shop/shared/events/outbox-relay';
import type { FieldProblem } from '@shop/shared/graphql/errors';
import { UnavailableError } from '@shop/shared/unavailable';
import type { Order, OrderDoc } from './order.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderWaiters, Waiter } from './order-waiters.ts';
import { type Placement, placeOrder } from './place-order.ts';

export interface Acceptance {
  store: OrderStore;
  relay: Pick<OutboxRelay, 'nudge'>;
  waiters: OrderWaiters;
  clock: () => Date;
  newId: () => string;
  orderExpiresAfterMs: number;
}

export type AcceptOutcome =
  | { kind: 'accepted'; order: Order }
  | { kind: 'invalid'; problems: FieldProblem[] }
  | { kind: 'key-reused' };

/**
 * Stores the order that a user asks for, or finds the one that the same request stored before, and waits for
 * its decision as long as the client wants, counted from the arrival of the request (of `performance.now()`). Once
 * stored, an order is answered, come what may.
 */
export async function acceptOrder(
  userId: string,
  placement: Placement,
  acceptance: Acceptance,
  arrivedAtMs = performance.now(),
): Promise<AcceptOutcome> {
  const { clock, newId, orderExpiresAfterMs } = acceptance;
  const facts = { userId, orderId: newId(), now: clock(), expiresAfterMs: orderExpiresAfterMs };
  const placing = placeOrder(placement, facts);
  if (placing.kind === 'invalid') return placing;
  const { order, waitMs } = placing;
  const waitUntilMs = arrivedAtMs + waitMs;
  const waiter = waitMs > 0 ? acceptance.waiters.register(order._id) : null;
  try {
    if ((await acceptance.store.insert(order)) === 'duplicate') return repeat(order, waitUntilMs, acceptance);
    acceptance.relay.nudge(order._id);
    return { kind: 'accepted', order: await awaitDecision(order, waiter, waitUntilMs, acceptance.store) };
  } finally {
    waiter?.cancel();
  }
}

/** The key was used before: perhaps by this very request, whose answer was lost or is still on its way. */
async function repeat(order: OrderDoc, waitUntilMs: number, acceptance: Acceptance): Promise<AcceptOutcome> {
  const { store, waiters } = acceptance;
  const stored = await store.findByPlacementKey(order.placementKey!);
  if (!stored) throw new UnavailableError('An order that a unique index knows cannot be read yet.');
  if (stored.requestHash !== order.requestHash) return { kind: 'key-reused' };
  const mayWait = waitUntilMs > performance.now() && stored.status === 'PENDING';
  const waiter = mayWait ? waiters.register(stored._id) : null;
  if (!waiter) return { kind: 'accepted', order: stored };
  try {
    // It may have been decided between the read and the registration.
    const latest = (await store.findById(stored._id)) ?? stored;
    return { kind: 'accepted', order: await awaitDecision(latest, waiter, waitUntilMs, store) };
  } finally {
    waiter.cancel();
  }
}

async function awaitDecision(
  order: Order,
  waiter: Waiter | null,
  waitUntilMs: number,
  store: OrderStore,
): Promise<Order> {
  if (!waiter || order.status !== 'PENDING') return order;
  const remainingMs = Math.max(0, waitUntilMs - performance.now());
  return (await waiter.wait(remainingMs)) ?? (await readAgain(order, store));
}

/** Short, since the client has waited for up to 10 s by then and the request's deadline is near. */
export const readAgainWithinMs = 2_000;

/** The order was accepted: that it cannot be read just now must not look like a failure to place it. */
async function readAgain(order: Order, store: OrderStore): Promise<Order> {
  try {
    const reading = store.findById(order._id);
    return (await settlesWithin(reading, readAgainWithinMs)) ? ((await reading) ?? order) : order;
  } catch (error) {
    if (error instanceof UnavailableError) return order;
    throw error;
  }
}
