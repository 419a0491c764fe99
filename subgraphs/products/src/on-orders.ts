import { topics } from '@shop/contracts/events/topics.ts';
import type { CloudEvent } from '@shop/shared/events/cloud-event';
import { consumeEvents, type EventBatch } from '@shop/shared/events/consume';
import type { Events, Subscription } from '@shop/shared/events/port';
import type { Logger } from '@shop/shared/process/log';
import type { ReservationLine } from './reservation.ts';
import type { OrdersBatch } from './reserve-batch.ts';

const handled = ['order.placed', 'order.cancelled', 'order.expired'] as const;
type Handled = (typeof handled)[number];

/** What the schemas of all events allow for the quantity of a line. */
const maxQuantity = 10_000;

/**
 * Consumes orders.v1 as the group `products`: each batch of a partition goes through the reservation protocol
 * before its offsets are committed.
 */
export async function consumeOrders(options: {
  events: Events;
  log: Logger;
  onBatch: (batch: OrdersBatch) => Promise<void>;
}): Promise<Subscription> {
  const { events, log, onBatch } = options;
  const logId = await events.logId();
  return consumeEvents({
    events,
    log,
    group: 'products',
    source: topics.orders,
    types: handled,
    refuse: refusePlacement,
    onEvents: (batch) => onBatch(toOrdersBatch(batch, logId)),
  });
}

/**
 * Each line is within its limit, but an event that names a product twice may exceed it, and then no decision about it
 * could be told: its partition would wait for ever.
 */
function refusePlacement(event: CloudEvent<Handled>): string | null {
  if (!isPlaced(event)) return null;
  const isExcessive = mergeLines(event.data.lines).some(({ quantity }) => quantity > maxQuantity);
  return isExcessive ? `the lines of a product add up to more than ${maxQuantity}` : null;
}

/** Sorts the events of a batch into placements and what undoes them. Pure. */
export function toOrdersBatch(
  { partition, lastOffset, events }: EventBatch<Handled>,
  logId: string,
): OrdersBatch {
  const batch: OrdersBatch = { partition: `${logId}-${partition}`, lastOffset, placed: [], cancelled: [] };
  for (const { offset, event } of events) {
    const { orderId } = event.data;
    if (isPlaced(event)) batch.placed.push({ orderId, offset, lines: mergeLines(event.data.lines) });
    else batch.cancelled.push({ orderId, offset });
  }
  return batch;
}

function isPlaced(event: CloudEvent<Handled>): event is CloudEvent<'order.placed'> {
  return event.type === 'order.placed';
}

// A mark stands for an order's hold on a product, so an order holds a product in one line.
function mergeLines(lines: ReservationLine[]): ReservationLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}
