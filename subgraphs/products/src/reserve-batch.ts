import { decide } from './decide.ts';
import type { ProductInvalidation } from './product-cache.ts';
import type { Attempt, Decision, Reservation, ReservationLine } from './reservation.ts';
import type { ReservationStore } from './reservation-store.ts';
import { returnMark } from './reservation-writes.ts';

/** What happened to orders, in the order of one partition of orders.v1. */
export interface OrdersBatch {
  /** Which partition of which log, `<log id>-<n>`: offsets of another log say nothing about these. */
  partition: string;
  /** The offset of the batch's last record, of whatever type. */
  lastOffset: number;
  placed: Attempt[];
  /** Cancelled or expired. */
  cancelled: { orderId: string; offset: number }[];
}

export interface ReserveDependencies {
  store: ReservationStore;
  /** Resolves once no read can be answered from before; called before a decision can be seen. */
  invalidation: ProductInvalidation;
  /** Told which reservations have news for Orders. */
  onDecided(orderIds: string[]): void;
}

/**
 * One batch of the reservation protocol. Every step may be repeated: after a crash the batch is delivered again and
 * each step finds what is already done. Resolves with the products whose stock may have changed; then, and not
 * before, the offsets may be committed. Rejects when a server is away; then the batch is to be delivered again.
 */
export async function reserveBatch(batch: OrdersBatch, dependencies: ReserveDependencies): Promise<string[]> {
  const placed = firstOfEach(batch.placed);
  const cancelled = firstOfEach(batch.cancelled);
  const settled = await settlePlacements(placed, batch, dependencies);
  const released = await releaseCancelled(cancelled, batch, dependencies);
  const marks = new Map<string, string[]>();
  for (const { _id, lines } of settled) addMarks(marks, lines, _id);
  for (const { _id, lines } of released) addMarks(marks, lines, returnMark(_id));
  await dependencies.store.removeMarks(marks);
  return [...marks.keys()];
}

/**
 * Steps 1 to 5. Resolves with the reservations of the orders placed, none of them undecided any more. What is stored
 * is read only where another worker may have written it: where a write did not change all that it was to change.
 */
async function settlePlacements(
  placed: Attempt[],
  batch: OrdersBatch,
  { store, invalidation, onDecided }: ReserveDependencies,
): Promise<Reservation[]> {
  if (placed.length === 0) return [];
  const orderIds = placed.map(({ orderId }) => orderId);
  const isNew = await store.open(placed);
  let reservations = isNew ? new Map(placed.map(opened)) : await store.find(orderIds);
  const undecided = placed.filter(({ orderId }) => reservations.get(orderId)?.state === 'reserving');
  if (undecided.length > 0) {
    const productIds = productIdsOf(undecided);
    await store.hold(undecided, batch.partition, batch.lastOffset);
    const held = await store.readHeld(productIds);
    await invalidation.invalidate(productIds, 'stock');
    const decisions = undecided.map((attempt) => decide(attempt, held));
    // Another worker may have decided first: what is written is what counts.
    if (!(await store.decide(decisions))) reservations = await store.find(orderIds);
    else for (const decision of decisions) note(decision, reservations);
    onDecided(undecided.map(({ orderId }) => orderId));
  }
  await finishRejections(withState(reservations, 'rejecting'), { store, invalidation, onDecided });
  return [...reservations.values()];
}

function opened({ orderId, lines }: Attempt): [string, Reservation] {
  return [orderId, { _id: orderId, state: 'reserving', lines }];
}

/** What a decision that stands has made of its reservation. */
function note(decision: Decision, reservations: Map<string, Reservation>): void {
  const { orderId: _id } = decision;
  if (decision.kind === 'reserved') {
    reservations.set(_id, { _id, state: 'reserved', lines: decision.lines });
  } else {
    const { reason, shortages } = decision;
    const lines = reservations.get(_id)?.lines ?? [];
    reservations.set(_id, { _id, state: 'rejecting', lines, reason, shortages });
  }
}

async function finishRejections(
  rejecting: Reservation[],
  { store, invalidation, onDecided }: ReserveDependencies,
): Promise<void> {
  if (rejecting.length === 0) return;
  const attempts = rejecting.map(({ _id: orderId, lines }) => ({ orderId, offset: 0, lines }));
  await store.giveBack(attempts);
  await invalidation.invalidate(productIdsOf(rejecting), 'stock');
  await store.finishRejecting(rejecting);
  onDecided(rejecting.map(({ _id }) => _id));
}

/** Step 6. Resolves with the reservations released, now or by an earlier delivery. */
async function releaseCancelled(
  cancelled: { orderId: string; offset: number }[],
  batch: OrdersBatch,
  { store, invalidation, onDecided }: ReserveDependencies,
): Promise<Reservation[]> {
  if (cancelled.length === 0) return [];
  const orderIds = cancelled.map(({ orderId }) => orderId);
  await store.bury(orderIds);
  await store.beginReleasing(orderIds);
  const reservations = await store.find(orderIds);
  const releasing = withState(reservations, 'releasing');
  if (releasing.length > 0) {
    const offsets = new Map(cancelled.map(({ orderId, offset }) => [orderId, offset]));
    const attempts = releasing.map(({ _id, lines }) => ({
      orderId: _id,
      offset: offsets.get(_id) ?? batch.lastOffset,
      lines,
    }));
    await store.restock(attempts, batch.partition, batch.lastOffset);
    await invalidation.invalidate(productIdsOf(releasing), 'stock');
    await store.finishReleasing(releasing);
    onDecided(releasing.map(({ _id }) => _id));
  }
  return [...releasing, ...withState(reservations, 'released')];
}

// The relay may publish an event twice, even within one batch: the first counts.
function firstOfEach<Item extends { orderId: string }>(items: Item[]): Item[] {
  const seen = new Map<string, Item>();
  for (const item of items) if (!seen.has(item.orderId)) seen.set(item.orderId, item);
  return [...seen.values()];
}

function withState(reservations: Map<string, Reservation>, state: Reservation['state']): Reservation[] {
  return [...reservations.values()].filter((reservation) => reservation.state === state);
}

function productIdsOf(items: { lines: ReservationLine[] }[]): string[] {
  return [...new Set(items.flatMap(({ lines }) => lines.map(({ productId }) => productId)))];
}

function addMarks(marks: Map<string, string[]>, lines: ReservationLine[], mark: string): void {
  for (const { productId } of lines) {
    const ofProduct = marks.get(productId);
    if (ofProduct) ofProduct.push(mark);
    else marks.set(productId, [mark]);
  }
}
