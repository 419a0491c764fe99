import { topics } from '@shop/contracts/events/topics.ts';
import { acceptOrder } from '@shop/orders/accept-order';
import { cancelOrder } from '@shop/orders/cancel-order';
import { createDecisionWriter } from '@shop/orders/decision-writer';
import { expireOrders } from '@shop/orders/expire-orders';
import { decideOrders } from '@shop/orders/on-inventory';
import { createOrderStore } from '@shop/orders/order-store';
import { createManageProducts } from '@shop/products/manage-products';
import { consumeOrders } from '@shop/products/on-orders';
import { subscribeToProducts } from '@shop/products/on-products';
import { createProductCache, type ProductInvalidation } from '@shop/products/product-cache';
import { createProductQueries } from '@shop/products/product-queries';
import { createProductStore } from '@shop/products/product-store';
import { createReservationStore } from '@shop/products/reservation-store';
import { reserveBatch } from '@shop/products/reserve-batch';
import { createStockChangedPublisher } from '@shop/products/stock-changed';
import { createOutboxRelay, type OutboxDoc } from '@shop/shared/events/outbox-relay';
import type { Events } from '@shop/shared/events/port';
import { silentLog } from '@shop/shared/process/log';
import { pausedDocuments } from '../../subgraphs/shared/test/paused-documents.ts';
import type { Pause } from '../../subgraphs/shared/test/scheduler.ts';
import type { World } from './world.ts';

/** What one process does between two pauses of the schedule: the real code, on paused ports. */
export type Work = (world: World, pause: Pause) => Promise<void>;

const log = silentLog;
const orderExpiresAfterMs = 1_000;
const source = '/products/simulated';
const noRelay = { nudge: () => undefined };

export const placeOrder: Work = async (world, pause) => {
  const placement = world.scenario.placements[world.placed++];
  if (!placement) return;
  const { user, key, products } = placement;
  const { clock, newId, waiters } = world;
  const acceptance = {
    store: orderStore(world, pause),
    relay: noRelay,
    waiters,
    clock,
    newId,
    orderExpiresAfterMs,
  };
  const outcome = await acceptOrder(user, { products, idempotencyKey: key }, acceptance);
  if (outcome.kind === 'invalid') world.problems.push('A GOOD ORDER WAS REFUSED');
  if (outcome.kind === 'accepted') world.acknowledged.push({ orderId: outcome.order._id, user, key });
};

export const cancelSomeOrder: Work = async (world, pause) => {
  const { acknowledged, clock, waiters } = world;
  const chosen = acknowledged[world.choose() % Math.max(1, acknowledged.length)];
  if (!chosen) return;
  const cancellation = { store: orderStore(world, pause), relay: noRelay, waiters, clock };
  await cancelOrder(chosen.orderId, { kind: 'user', userId: chosen.user }, cancellation);
};

export const expireOverdue: Work = async (world, pause) => {
  const { clock, waiters } = world;
  const expiry = { store: orderStore(world, pause), relay: noRelay, waiters, clock };
  await expireOrders(expiry, new AbortController().signal);
};

export const restock: Work = async (world, pause) => {
  const { clock, newId, restocked, scenario } = world;
  const id = `p${world.choose() % scenario.stock.length}`;
  const delta = 1 + (world.choose() % 2);
  const counted = restocked.get(id);
  if (!counted) return;
  counted.atMost += delta;
  const store = createProductStore(pausedProducts(world, pause));
  const invalidation = pausedInvalidation(world, pause);
  const manage = createManageProducts({ store, invalidation, relay: noRelay, clock, newId, log });
  const outcome = await manage.adjustStock(id, { delta });
  if (outcome.kind === 'done') {
    counted.atLeast += delta;
    world.observer.mustSee(id);
  }
  // Sales kept changing the product: nothing was written.
  else counted.atMost -= delta;
};

/** Nobody who reads after a decision may be shown what was before it. */
export const readFresh: Work = async (world, pause) => {
  const id = `p${world.choose() % world.scenario.stock.length}`;
  const queries = createProductQueries(pausedProducts(world, pause));
  await pause();
  const endRead = world.observer.beginRead(id);
  const read = await createProductCache(world.cache).readProduct(id, () => queries.find(id));
  if (!endRead().has(read?.quantity)) world.problems.push('STALE READ');
};

export const relays: Record<'orders' | 'reservations' | 'products', Work> = {
  orders: (world, pause) => relay(world, world.databases.orders, 'orders', topics.orders.topic, pause),
  reservations: (world, pause) =>
    relay(world, world.databases.products, 'reservations', topics.inventory.topic, pause),
  products: (world, pause) =>
    relay(world, world.databases.products, 'products', topics.products.topic, pause),
};

async function relay(
  world: World,
  documents: World['databases']['orders'],
  collection: string,
  topic: string,
  pause: Pause,
): Promise<void> {
  const outbox = createOutboxRelay({
    collection: pausedDocuments(documents, pause).collection<OutboxDoc>(collection),
    topic,
    source,
    events: world.broker.connect(pause).events,
    log,
    clock: () => new Date(world.nowMs + 1),
  });
  await outbox.flush();
  await outbox.stop();
}

/** How each group handles its batches. `subscribe` is the subgraph's own; the broker of the test calls it. */
export interface Consumer {
  topic: string;
  group: string;
  subscribe(world: World, pause: Pause, events: Events): Promise<unknown>;
}

export const consumers: Record<'products' | 'orders' | 'caches', Consumer> = {
  products: {
    topic: topics.orders.topic,
    group: 'products',
    subscribe(world, pause, events) {
      const documents = pausedProducts(world, pause);
      const { clock } = world;
      const store = createReservationStore(documents, clock);
      const invalidation = pausedInvalidation(world, pause);
      const publishStockChanged = createStockChangedPublisher({ documents, events, source, clock });
      const onDecided = () => undefined;
      const onBatch = async (batch: Parameters<typeof reserveBatch>[0]) =>
        publishStockChanged(await reserveBatch(batch, { store, invalidation, onDecided }), batch);
      return consumeOrders({ events, log, onBatch });
    },
  },
  orders: {
    topic: topics.inventory.topic,
    group: 'orders',
    subscribe(world, pause, events) {
      const { clock, waiters } = world;
      const store = orderStore(world, pause);
      return decideOrders({ events, log, store, waiters, write: createDecisionWriter(store, clock) });
    },
  },
  // Another Products process: it hears even of a change that its maker did not live to invalidate.
  caches: {
    topic: topics.products.topic,
    group: 'caches',
    subscribe(world, pause, events) {
      const invalidation = pausedInvalidation(world, pause);
      return subscribeToProducts({ events, log, invalidation, source: '/products/another' });
    },
  },
};

function orderStore(world: World, pause: Pause) {
  return createOrderStore(pausedDocuments(world.databases.orders, pause));
}

function pausedProducts(world: World, pause: Pause) {
  return pausedDocuments(world.databases.products, pause);
}

function pausedInvalidation(world: World, pause: Pause): ProductInvalidation {
  return {
    async invalidate(productIds, change) {
      await pause();
      if (world.scenario.forgetsToInvalidate) return;
      await createProductCache(world.cache).invalidate(productIds, change);
    },
  };
}
