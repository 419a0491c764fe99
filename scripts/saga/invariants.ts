import type { OrderDoc } from '@shop/orders/order';
import type { ProductDoc } from '@shop/products/product';
import type { ReservationDoc } from '@shop/products/reservation';

/** What the databases, the topics and the cache hold when all is quiet, and what clients remember. */
export interface Evidence {
  orders: OrderDoc[];
  reservations: ReservationDoc[];
  products: ProductDoc[];
  /** The orders that clients were told of. */
  acknowledged: { orderId: string; user: string; key: string | null }[];
  /** By product, everything ever stocked; at most, since an admin may not have heard what became of a change. */
  stocked: Map<string, { atLeast: number; atMost: number }>;
  /** The values in orders.v1 and inventory.v1. */
  events: { topic: string; value: string }[];
  /** A line for each dead letter that should not be there. */
  deadLetters: string[];
  /** By product, what the cache would answer; undefined: it would ask the database. */
  cached: Map<string, number | undefined>;
}

/** The nine invariants of a quiet shop: a line for each violation. */
export function violations(evidence: Evidence): string[] {
  const checks = [
    stockAddsUp,
    everyOrderIsDecided,
    decisionsAgree,
    oneOrderPerKey,
    oneDecisionPerOrder,
    nothingIsLeft,
    cacheIsTrue,
  ];
  return checks.flatMap((check) => check(evidence));
}

function stockAddsUp({ products, reservations, stocked }: Evidence): string[] {
  const reserved = new Map<string, number>();
  for (const { state, lines } of reservations) {
    if (state !== 'reserved') continue;
    for (const { productId, quantity } of lines) {
      reserved.set(productId, (reserved.get(productId) ?? 0) + quantity);
    }
  }
  return products.flatMap((product) => {
    const { _id, quantity } = product;
    const taken = reserved.get(_id) ?? 0;
    const { atLeast, atMost } = stocked.get(_id) ?? { atLeast: 0, atMost: 0 };
    return [
      ...(quantity < 0 ? [`${_id}: negative quantity`] : []),
      ...(quantity + taken > product.stocked ? [`${_id}: oversold`] : []),
      ...(quantity + taken < product.stocked ? [`${_id}: stock lost`] : []),
      ...(product.committed !== taken ? [`${_id}: committed differs`] : []),
      ...(product.stocked < atLeast || product.stocked > atMost
        ? [`${_id}: stocked ${product.stocked}, not ${atLeast}..${atMost}`]
        : []),
    ];
  });
}

function everyOrderIsDecided({ orders, acknowledged }: Evidence): string[] {
  const known = new Set(orders.map(({ _id }) => _id));
  const lost = acknowledged.filter(({ orderId }) => !known.has(orderId));
  const pending = orders.filter(({ status }) => status === 'PENDING');
  return [
    ...lost.map(({ orderId }) => `${orderId}: lost`),
    ...pending.map(({ _id }) => `${_id}: not decided`),
  ];
}

const allowedStates: Record<string, string[]> = {
  CONFIRMED: ['reserved'],
  REJECTED: ['rejected'],
  CANCELLED: ['released', 'rejected', 'cancelled'],
  EXPIRED: ['released', 'rejected', 'cancelled'],
};

function decisionsAgree(evidence: Evidence): string[] {
  const reservations = new Map(evidence.reservations.map((reservation) => [reservation._id, reservation]));
  const orders = new Set(evidence.orders.map(({ _id }) => _id));
  const ownerless = evidence.reservations.filter(({ _id }) => !orders.has(_id));
  return [
    ...evidence.orders.flatMap((order) => disagreement(order, reservations.get(order._id))),
    ...ownerless.map(({ _id }) => `${_id}: a reservation without an order`),
  ];
}

function disagreement(order: OrderDoc, reservation: ReservationDoc | undefined): string[] {
  if (!reservation || !allowedStates[order.status]?.includes(reservation.state)) {
    return [`${order._id}: ${order.status}, but the reservation is ${reservation?.state}`];
  }
  if (order.status !== 'CONFIRMED') return [];
  const total = reservation.lines.reduce((sum, line) => sum + line.quantity * (line.unitPrice ?? 0), 0);
  const isSame = JSON.stringify(order.lines) === JSON.stringify(reservation.lines) && order.total === total;
  return isSame ? [] : [`${order._id}: other lines or prices than reserved`];
}

function oneOrderPerKey({ orders, acknowledged }: Evidence): string[] {
  const keys = orders.flatMap(({ placementKey }) => placementKey ?? []);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  const answers = new Map<string, string>();
  const different = acknowledged.filter(({ orderId, user, key }) => {
    if (key === null) return false;
    const first = answers.get(`${user}:${key}`) ?? orderId;
    answers.set(`${user}:${key}`, first);
    return first !== orderId;
  });
  return [...twice.map((key) => `${key}: two orders`), ...different.map(({ key }) => `${key}: two answers`)];
}

/** An event may be published twice, but then it says the same. */
function oneDecisionPerOrder({ events }: Evidence): string[] {
  const told = new Map<string, string>();
  return events.flatMap(({ topic, value }) => {
    const { id, type, data } = JSON.parse(value);
    const key = `${topic}/${id}`;
    const content = JSON.stringify({ type, data });
    const first = told.get(key) ?? content;
    told.set(key, first);
    return first === content ? [] : [`${id}: said ${first}, then ${content}`];
  });
}

function nothingIsLeft({ orders, reservations, products, deadLetters }: Evidence): string[] {
  const outboxes = [...orders, ...reservations, ...products];
  const left = outboxes.filter(({ outbox, outboxAt }) => outbox.length > 0 || outboxAt !== undefined);
  const held = products.filter(({ holds }) => Object.keys(holds).length > 0);
  return [
    ...left.map(({ _id }) => `${_id}: outbox not empty`),
    ...held.map(({ _id }) => `${_id}: a hold is left`),
    ...deadLetters.map((letter) => `dead letter: ${letter}`),
  ];
}

function cacheIsTrue({ products, cached }: Evidence): string[] {
  const wrong = products.filter(({ _id, quantity }) => (cached.get(_id) ?? quantity) !== quantity);
  return wrong.map(({ _id }) => `${_id}: the cache differs`);
}
