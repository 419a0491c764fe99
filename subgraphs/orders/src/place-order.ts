import { createHash } from 'node:crypto';
import { outboxEntry, outboxFields } from '@shop/shared/events/outbox';
import type { FieldProblem } from '@shop/shared/graphql/errors';
import { z } from 'zod';
import type { OrderDoc, OrderLine } from './order.ts';

/** The arguments of placeOrder as the client sent them. */
export interface Placement {
  products?: unknown;
  idempotencyKey?: unknown;
  waitMs?: unknown;
}

/** What is not the client's to say. */
export interface PlacementFacts {
  userId: string;
  orderId: string;
  now: Date;
  /** A pending order expires this long after it was placed. */
  expiresAfterMs: number;
}

export type Placing =
  | { kind: 'order'; order: OrderDoc; waitMs: number }
  | { kind: 'invalid'; problems: FieldProblem[] };

// The limits are promised in schema.graphql and in the schema of order.placed.
const maxLines = 100;
const maxQuantity = 10_000;
export const maxWaitMs = 10_000;
const maxKeyLength = 128;

const quantityRule = `must be a whole number from 1 to ${maxQuantity}`;

const orderedLine = z.object(
  {
    _id: z
      .string('must be the _id of a product')
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the _id of a product: 1 to 64 of A-Z a-z 0-9 _ -'),
    quantity: z.int(quantityRule).min(1, quantityRule).max(maxQuantity, quantityRule),
  },
  'must be a product, not null',
);

const keyRule = `must have 1 to ${maxKeyLength} characters`;
const waitRule = `must be a whole number from 0 to ${maxWaitMs}`;

const placementSchema = z.object({
  // The count is checked before the lines are: a huge list gets one problem, not thousands.
  products: z
    .array(z.unknown(), 'must list the products to order')
    .min(1, 'must list at least one product')
    .max(maxLines, `must have at most ${maxLines} lines`)
    .pipe(z.array(orderedLine)),
  idempotencyKey: z
    .string(keyRule)
    .min(1, keyRule)
    .max(maxKeyLength, keyRule)
    // A store would replace a lone surrogate, and two different keys could become one.
    .refine((key) => key.isWellFormed(), 'must be well-formed Unicode')
    .nullish(),
  waitMs: z.int(waitRule).min(0, waitRule).max(maxWaitMs, waitRule).nullish(),
});

/** The order that these arguments ask for, with the event that announces it, or every rule that they break. */
export function placeOrder(placement: Placement, facts: PlacementFacts): Placing {
  const parsed = placementSchema.safeParse(placement);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    return { kind: 'invalid', problems };
  }
  const { products, idempotencyKey, waitMs } = parsed.data;
  const lines = mergeLines(products.map(({ _id, quantity }) => ({ productId: _id, quantity })));
  const excessive = lines.find((line) => line.quantity > maxQuantity);
  if (excessive) {
    const at = products.findIndex(({ _id }) => _id === excessive.productId);
    const message = `the lines of this product add up to ${excessive.quantity}; at most ${maxQuantity} can be ordered`;
    return { kind: 'invalid', problems: [{ path: `products.${at}.quantity`, message }] };
  }
  return { kind: 'order', order: newOrder(lines, idempotencyKey, facts), waitMs: waitMs ?? 0 };
}

/** One line per product, in the order in which the products are first named. */
export function mergeLines(lines: OrderLine[]): OrderLine[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}

/** SHA-256 over what merged lines ask for, whatever their order. */
export function hashRequest(lines: OrderLine[]): string {
  const canonical = lines
    .map(({ productId, quantity }) => [productId, quantity] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

function newOrder(lines: OrderLine[], key: string | null | undefined, facts: PlacementFacts): OrderDoc {
  const { userId, orderId, now, expiresAfterMs } = facts;
  const data = { orderId, userId, lines, placedAt: now.toISOString() };
  return {
    _id: orderId,
    userId,
    ...(key == null ? {} : { placementKey: `${userId}:${key}` }),
    requestHash: hashRequest(lines),
    status: 'PENDING',
    lines,
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + expiresAfterMs),
    ...outboxFields([outboxEntry(`${orderId}:1`, 'order.placed', data, now)], now),
  };
}
