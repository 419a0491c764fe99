import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask } from './client.ts';
import type { Ledger } from './ledger.ts';
import type { Plan, Step } from './plan.ts';

export interface LoadOptions {
  plan: Plan;
  ask: Ask;
  ledger: Ledger;
  /** Of the products of the plan, by their index. */
  productIds: string[];
  /** Headers that say who asks: of the plan's users by their index, and of the admin. */
  users: { userId: string; headers: Record<string, string> }[];
  admin: Record<string, string>;
  /** The steps begin evenly spread over this time, however long each takes. */
  overMs: number;
}

type Placement = Extract<Step, { kind: 'place' }>;

const maxInFlight = 48;

/** Plays a plan against the shop; resolves when every client has its answer or has given up. Never rejects. */
export async function playLoad(options: LoadOptions): Promise<void> {
  const { steps } = options.plan;
  const startedMs = performance.now();
  const inFlight = new Set<Promise<void>>();
  const placed = new Map<number, string>();
  for (const [index, step] of steps.entries()) {
    const dueMs = (index / steps.length) * options.overMs;
    await sleep(Math.max(0, dueMs - (performance.now() - startedMs)));
    while (inFlight.size >= maxInFlight) await Promise.race(inFlight);
    const played = play(step, placed, options).finally(() => inFlight.delete(played));
    inFlight.add(played);
  }
  await Promise.all(inFlight);
}

async function play(step: Step, placed: Map<number, string>, options: LoadOptions): Promise<void> {
  if (step.kind === 'restock') return restock(step, options);
  if (step.kind === 'cancel') return cancel(placed.get(step.placement), step, options);
  const placement = step.kind === 'place' ? step : placementOf(step, options.plan);
  if (step.kind === 'repeat' && placement.key === null) return;
  const orderId = await place(placement, options);
  if (orderId) placed.set(step.placement, orderId);
}

function placementOf({ placement }: { placement: number }, { steps }: Plan): Placement {
  const found = steps.find((each) => each.kind === 'place' && each.placement === placement);
  if (found?.kind !== 'place') throw new Error(`the plan has no placement ${placement}`);
  return found;
}

async function place(
  { user, key, lines, waitMs }: Placement,
  { ask, ledger, users, productIds }: LoadOptions,
): Promise<string | null> {
  const who = users[user];
  if (!who) throw new Error(`the plan has no user ${user}`);
  // Several runs share their users, so a key names its run too.
  const idempotencyKey = key && `${key} of ${productIds[0]}`;
  const outcome = await ask<{ placeOrder: { _id: string } }>(
    `mutation ($products: [OrderProductInput], $key: String, $waitMs: Int) {
      placeOrder(products: $products, idempotencyKey: $key, waitMs: $waitMs) { _id }
    }`,
    {
      products: lines.map(({ product, quantity }) => ({ _id: productIds[product], quantity })),
      key: idempotencyKey,
      waitMs,
    },
    who.headers,
  );
  ledger.note('placeOrder', outcome);
  if (outcome.kind !== 'answered') return null;
  const orderId = outcome.data.placeOrder._id;
  ledger.acknowledge({ orderId, user: who.userId, key: idempotencyKey });
  return orderId;
}

async function cancel(
  orderId: string | undefined,
  step: Extract<Step, { kind: 'cancel' }>,
  { ask, ledger, users, plan }: LoadOptions,
): Promise<void> {
  const who = users[placementOf(step, plan).user];
  if (!orderId || !who) return;
  const outcome = await ask(
    'mutation ($id: ID!) { cancelOrder(id: $id) { status } }',
    { id: orderId },
    who.headers,
  );
  ledger.note('cancelOrder', outcome, ['ORDER_NOT_CANCELLABLE']);
}

async function restock(
  { product, delta }: Extract<Step, { kind: 'restock' }>,
  { ask, ledger, productIds, admin }: LoadOptions,
): Promise<void> {
  const id = productIds[product];
  if (!id) throw new Error(`the plan has no product ${product}`);
  const outcome = await ask(
    'mutation ($id: ID!, $delta: Int!) { adjustStock(id: $id, delta: $delta) { quantity } }',
    { id, delta },
    admin,
  );
  ledger.note('adjustStock', outcome);
  // A first attempt that went unanswered may have been done as well.
  const isSure = outcome.kind === 'answered' && !outcome.retried;
  ledger.stock(id, { atLeast: outcome.kind === 'answered' ? delta : 0, atMost: isSure ? delta : 2 * delta });
}
