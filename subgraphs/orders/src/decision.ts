import type { CloudEvent } from '@shop/shared/events/cloud-event';
import type { OrderLine, RejectionReason, Shortage } from './order.ts';

/** What Products decided about an order: all that a pending order takes over from it. */
export type Decision = { orderId: string } & (
  | { status: 'CONFIRMED'; lines: Required<OrderLine>[]; total: number }
  | { status: 'REJECTED'; shortages: Shortage[]; reason: RejectionReason }
);

/** The events that decide an order. `inventory.released` is none of them: the order was cancelled or expired before. */
export const decidingTypes = ['inventory.reserved', 'inventory.rejected'] as const;

/** The decision an event brings. Members are picked one by one: within a major version events may grow. */
export function decisionOf(event: CloudEvent<(typeof decidingTypes)[number]>): Decision {
  if (event.type === 'inventory.reserved') {
    const { orderId, lines, total } = event.data;
    const priced = lines.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice }));
    return { orderId, status: 'CONFIRMED', lines: priced, total };
  }
  const { orderId, reason, shortages } = event.data;
  const missing = shortages.map(({ productId, requested, available }) => ({
    productId,
    requested,
    available,
  }));
  return { orderId, status: 'REJECTED', shortages: missing, reason };
}
