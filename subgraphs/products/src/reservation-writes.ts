import type { BulkWrite, UpdateFilter } from '@shop/shared/documents/port';
import { type OutboxEntry, outboxEntry, pushOutbox } from '@shop/shared/events/outbox-relay';
import type { ProductDoc } from './product.ts';
import type {
  Attempt,
  Decision,
  Reservation,
  ReservationDoc,
  ReservationLine,
  ReservationState,
} from './reservation.ts';

/** The mark of an order's return, beside the one of its hold. */
export const returnMark = (orderId: string) => `${orderId}:return`;

/** Takes a line if it is there, unless this order has it already or its offset is fenced off. */
export function holdLine(attempt: Attempt, line: ReservationLine, fence: string): BulkWrite<ProductDoc> {
  const mark = `holds.${attempt.orderId}`;
  return {
    updateOne: {
      filter: {
        _id: line.productId,
        status: 'ACTIVE',
        quantity: { $gte: line.quantity },
        [fence]: { $not: { $gte: attempt.offset } },
        [mark]: { $exists: false },
      },
      update: {
        $inc: { quantity: -line.quantity, committed: line.quantity },
        $set: { [mark]: { quantity: line.quantity, released: false } },
      },
    },
  };
}

/** Undoes one hold, once. */
export function giveBackLine(orderId: string, line: ReservationLine): BulkWrite<ProductDoc> {
  const released = `holds.${orderId}.released`;
  return {
    updateOne: {
      filter: { _id: line.productId, [released]: false },
      update: { $inc: { quantity: line.quantity, committed: -line.quantity }, $set: { [released]: true } },
    },
  };
}

/** Returns a reserved line, unless this order has returned it already or its offset is fenced off. */
export function restockLine(attempt: Attempt, line: ReservationLine, fence: string): BulkWrite<ProductDoc> {
  const mark = `holds.${returnMark(attempt.orderId)}`;
  return {
    updateOne: {
      filter: {
        _id: line.productId,
        [fence]: { $not: { $gte: attempt.offset } },
        [mark]: { $exists: false },
      },
      update: {
        $inc: { quantity: line.quantity, committed: -line.quantity },
        $set: { [mark]: { quantity: line.quantity, released: true } },
      },
    },
  };
}

/** From here on no attempt at an offset up to this one can succeed, on any product that these attempts touch. */
export function raiseFence(attempts: Attempt[], fence: string, lastOffset: number): BulkWrite<ProductDoc>[] {
  const productIds = new Set(attempts.flatMap(({ lines }) => lines.map((line) => line.productId)));
  return [...productIds].map((_id) => ({
    updateOne: { filter: { _id }, update: { $max: { [fence]: lastOffset } } },
  }));
}

/** The transitions of a reservation: each names the state it leaves, so that it happens once. */
export function createMoves(clock: () => Date) {
  return {
    insertOnce(
      orderId: string,
      state: ReservationState,
      lines: ReservationLine[],
    ): BulkWrite<ReservationDoc> {
      const update = { $setOnInsert: { state, lines, createdAt: clock(), outbox: [] } };
      return { updateOne: { filter: { _id: orderId }, update, upsert: true } };
    },
    decide(decision: Decision): BulkWrite<ReservationDoc> {
      const { orderId } = decision;
      if (decision.kind === 'rejected') {
        const { reason, shortages } = decision;
        return move(orderId, 'reserving', 'rejecting', { $set: { reason, shortages } });
      }
      const { lines, total } = decision;
      const event = outboxEntry(`${orderId}:1`, 'inventory.reserved', { orderId, lines, total }, clock());
      return move(orderId, 'reserving', 'reserved', { $set: { lines }, ...pushOne(event) });
    },
    finishRejecting({ _id: orderId, reason = 'INSUFFICIENT_STOCK', shortages = [] }: Reservation) {
      const data = { orderId, reason, shortages };
      const event = outboxEntry(`${orderId}:1`, 'inventory.rejected', data, clock());
      return move(orderId, 'rejecting', 'rejected', pushOne(event));
    },
    beginReleasing: (orderId: string) => move(orderId, 'reserved', 'releasing'),
    finishReleasing({ _id: orderId, lines }: Reservation) {
      const returned = lines.map(({ productId, quantity }) => ({ productId, quantity }));
      const data = { orderId, lines: returned };
      const event = outboxEntry(`${orderId}:2`, 'inventory.released', data, clock());
      return move(orderId, 'releasing', 'released', pushOne(event));
    },
  };
}

function move(
  orderId: string,
  from: ReservationState,
  to: ReservationState,
  update: UpdateFilter<ReservationDoc> = {},
): BulkWrite<ReservationDoc> {
  const filter = { _id: orderId, state: from };
  return { updateOne: { filter, update: { ...update, $set: { ...update.$set, state: to } } } };
}

const pushOne = (entry: OutboxEntry) => pushOutbox([entry], new Date(entry.at));
