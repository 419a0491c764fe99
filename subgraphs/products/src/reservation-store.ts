import type { BulkWrite, Documents } from '@shop/shared/documents/port';
import type { ProductDoc } from './product.ts';
import type { Attempt, Decision, HeldProduct, Reservation, ReservationDoc } from './reservation.ts';
import { createMoves, giveBackLine, holdLine, raiseFence, restockLine } from './reservation-writes.ts';

export type ReservationStore = ReturnType<typeof createReservationStore>;

/**
 * The steps of the reservation protocol, each one round trip and each safe to repeat: by the same worker
 * after a crash, or by a zombie that lost its partition and does not know it. Two guards make it so. The
 * mark in `holds` says that an order has taken (or returned) a line; the `fence` of the partition says up to
 * which offset attempts are over, so that marks can be removed. And a decision is recorded before stock
 * goes back, so that whoever comes later repeats that decision rather than taking another one.
 */
export function createReservationStore(documents: Documents, clock: () => Date) {
  const products = documents.collection<ProductDoc>('products');
  const reservations = documents.collection<ReservationDoc>('reservations');
  const moves = createMoves(clock);

  return {
    /** Step 1: one reservation per order, whoever comes first. Answers whether it was this call for all of them. */
    async open(attempts: Attempt[]): Promise<boolean> {
      const writes = attempts.map(({ orderId, lines }) => moves.insertOnce(orderId, 'reserving', lines));
      const { upsertedCount } = await reservations.bulkWrite(writes, { ordered: false });
      return upsertedCount === attempts.length;
    },

    /** Step 6 for an order that was never placed here: a tombstone, so that a later placement holds nothing. */
    async bury(orderIds: string[]): Promise<void> {
      const writes = orderIds.map((orderId) => moves.insertOnce(orderId, 'cancelled', []));
      await inOneTrip(reservations, writes, { ordered: false });
    },

    async find(orderIds: string[]): Promise<Map<string, Reservation>> {
      if (orderIds.length === 0) return new Map();
      const found = reservations.find({ _id: { $in: orderIds } }, { limit: orderIds.length });
      return new Map((await found.toArray()).map((reservation) => [reservation._id, reservation]));
    },

    /** Steps 2 and 3: hold each line that is there, in offset order; then no such attempt can succeed any more. */
    async hold(attempts: Attempt[], partition: string, lastOffset: number): Promise<void> {
      const fence = `fence.${partition}h`;
      const writes = [
        ...attempts.flatMap((attempt) => attempt.lines.map((line) => holdLine(attempt, line, fence))),
        ...raiseFence(attempts, fence, lastOffset),
      ];
      await inOneTrip(products, writes, { ordered: true });
    },

    /** Step 4, before deciding. */
    async readHeld(productIds: string[]): Promise<Map<string, HeldProduct>> {
      if (productIds.length === 0) return new Map();
      const found = products.find(
        { _id: { $in: productIds } },
        { limit: productIds.length, projection: { price: 1, quantity: 1, status: 1, holds: 1 } },
      );
      return new Map((await found.toArray()).map((product) => [product._id, product]));
    },

    /** Step 4: the first decision about an order stands. Answers whether all of these do. */
    async decide(decisions: Decision[]): Promise<boolean> {
      const { modifiedCount } = await reservations.bulkWrite(decisions.map(moves.decide), { ordered: false });
      return modifiedCount === decisions.length;
    },

    /** Step 5: what a rejected order holds goes back, once. */
    async giveBack(attempts: Attempt[]): Promise<void> {
      const writes = attempts.flatMap(({ orderId, lines }) =>
        lines.map((line) => giveBackLine(orderId, line)),
      );
      await inOneTrip(products, writes, { ordered: false });
    },

    /** Step 5, the end: tells Orders. */
    async finishRejecting(rejecting: Reservation[]): Promise<void> {
      await inOneTrip(reservations, rejecting.map(moves.finishRejecting), { ordered: false });
    },

    /** Step 6: from here on the stock of these orders is to go back. */
    async beginReleasing(orderIds: string[]): Promise<void> {
      const writes = orderIds.map(moves.beginReleasing);
      await inOneTrip(reservations, writes, { ordered: false });
    },

    /** Step 6: the stock of cancelled and expired orders goes back, once; then no such attempt can succeed any more. */
    async restock(attempts: Attempt[], partition: string, lastOffset: number): Promise<void> {
      const fence = `fence.${partition}r`;
      const writes = [
        ...attempts.flatMap((attempt) => attempt.lines.map((line) => restockLine(attempt, line, fence))),
        ...raiseFence(attempts, fence, lastOffset),
      ];
      await inOneTrip(products, writes, { ordered: true });
    },

    /** Step 6, the end: tells Orders. */
    async finishReleasing(releasing: Reservation[]): Promise<void> {
      await inOneTrip(reservations, releasing.map(moves.finishReleasing), { ordered: false });
    },

    /** Step 7: marks of orders whose state is final are no longer needed. `marksByProduct`: keys of `holds`. */
    async removeMarks(marksByProduct: Map<string, string[]>): Promise<void> {
      const writes = [...marksByProduct].map(([_id, marks]): BulkWrite<ProductDoc> => {
        const paths = Object.fromEntries(marks.map((mark) => [`holds.${mark}`, '' as const]));
        return { updateOne: { filter: { _id }, update: { $unset: paths } } };
      });
      await inOneTrip(products, writes, { ordered: false });
    },
  };
}

async function inOneTrip<T extends { _id: string }>(
  collection: { bulkWrite(writes: BulkWrite<T>[], options: { ordered: boolean }): Promise<unknown> },
  writes: BulkWrite<T>[],
  options: { ordered: boolean },
): Promise<void> {
  if (writes.length > 0) await collection.bulkWrite(writes, options);
}
