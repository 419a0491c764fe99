import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { settlesWithin } from '@shop/shared/events/backoff';
import { joinTopics } from '@shop/shared/events/join-topics';
import { createOutboxRelay, type OutboxRelay } from '@shop/shared/events/outbox-relay';
import type { Events, Subscription } from '@shop/shared/events/port';
import type { HttpListener } from '@shop/shared/graphql/http-listener';
import { loadSchema } from '@shop/shared/graphql/load-schema';
import { startSubgraphServer } from '@shop/shared/graphql/subgraph-server';
import { startBackgroundTask } from '@shop/shared/process/background-task';
import type { Subgraph, SubgraphDependencies } from '@shop/shared/process/subgraph';
import { whenAvailable } from '@shop/shared/process/when-available';
import { v7 } from 'uuid';
import type { Acceptance } from './accept-order.ts';
import { createOrdersContext } from './context.ts';
import { createDecisionWriter } from './decision-writer.ts';
import { expireOrders, sweepEveryMs } from './expire-orders.ts';
import { decideAwaitedOrders, decideOrders } from './on-inventory.ts';
import { createOrderStore } from './order-store.ts';
import { OrderWaiters } from './order-waiters.ts';
import { createResolvers } from './resolvers.ts';

export interface OrdersDependencies extends SubgraphDependencies {
  events: Events;
  /** A pending order expires this long after it was placed. */
  orderExpiresAfterMs: number;
  /** How many requests wait for a decision at once; as `OrderWaiters` says unless given. */
  maxWaiters?: number;
}

/**
 * Starts Orders: indexes first, then the server, the relay, the sweep and, in the background, the consumers.
 * It answers while the brokers are away, but is not ready.
 */
export async function createSubgraph(dependencies: OrdersDependencies): Promise<Subgraph> {
  const { documents, events, log, clock = () => new Date(), newId = v7 } = dependencies;
  const { orderExpiresAfterMs } = dependencies;
  const store = createOrderStore(documents);
  await whenAvailable(() => store.createIndexes(), { log });
  const relay = createOutboxRelay({
    collection: store.outbox,
    topic: topics.orders.topic,
    source: '/orders',
    events,
    log,
    clock,
  });
  const waiters = new OrderWaiters(dependencies.maxWaiters);
  const inventory = { events, log, store, waiters, write: createDecisionWriter(store, clock) };
  const membership = joinTopics({
    events,
    log,
    topics: [topics.orders, topics.inventory, deadLetterTopics.orders, deadLetterTopics.inventory],
    // The awaited first: a decision that comes while the group joins is for someone who already listens.
    subscribe: [() => decideAwaitedOrders(inventory), () => decideOrders(inventory)],
  });
  const acceptance = { store, relay, waiters, clock, newId, orderExpiresAfterMs };
  const listener = await listen(dependencies, acceptance, membership).catch(async (error) => {
    await membership.stop();
    throw error;
  });
  relay.start();
  const sweeper = startBackgroundTask({
    name: 'the expiry of orders',
    everyMs: sweepEveryMs(orderExpiresAfterMs),
    log,
    task: (signal) => expireOrders(acceptance, signal),
  });
  const running = { listener, sweeper, relay, membership, waiters };
  let closing: Promise<void> | undefined;
  return {
    url: listener.url,
    close() {
      closing ??= close(running);
      return closing;
    },
  };
}

function listen(
  { documents, authenticate, verifyRouter, host, port, drainMs, log, maxRequests }: OrdersDependencies,
  acceptance: Acceptance,
  membership: Subscription,
): Promise<HttpListener> {
  return startSubgraphServer({
    typeDefs: loadSchema(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(acceptance),
    authenticate,
    verifyRouter,
    createContext: (caller) => createOrdersContext(acceptance.store, caller),
    checkReady: async () => {
      await documents.ping();
      if (!membership.isReady()) throw new Error('inventory.v1 is not subscribed yet');
    },
    host,
    port,
    log,
    drainMs,
    maxRequests,
  });
}

interface Running {
  listener: HttpListener;
  sweeper: { stop(): Promise<void> };
  relay: OutboxRelay;
  membership: Subscription;
  waiters: OrderWaiters;
}

// Together below the 4 s that a subgraph has. What is cut off is safe in the outboxes and uncommitted offsets.
const requestGraceMs = 1_500;
const flushWithinMs = 1_000;
const stopWithinMs = 1_000;

async function close({ listener, sweeper, relay, membership, waiters }: Running): Promise<void> {
  waiters.close();
  // Consumers need no request to finish, nor the other way round.
  const leaving = settlesWithin(membership.stop(), requestGraceMs + flushWithinMs + stopWithinMs);
  await Promise.all([listener.close(requestGraceMs), settlesWithin(sweeper.stop(), requestGraceMs)]);
  await settlesWithin(relay.flush(), flushWithinMs);
  await Promise.all([settlesWithin(relay.stop(), stopWithinMs), leaving]);
}
