import { randomUUID } from 'node:crypto';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { Cache } from '@shop/shared/cache/port';
import { settlesWithin } from '@shop/shared/events/backoff';
import { joinTopics } from '@shop/shared/events/join-topics';
import { createOutboxRelay, type OutboxRelay } from '@shop/shared/events/outbox-relay';
import type { Events, Subscription } from '@shop/shared/events/port';
import type { HttpListener } from '@shop/shared/graphql/http-listener';
import { loadSchema } from '@shop/shared/graphql/load-schema';
import { startSubgraphServer } from '@shop/shared/graphql/subgraph-server';
import type { Subgraph, SubgraphDependencies } from '@shop/shared/process/subgraph';
import { whenAvailable } from '@shop/shared/process/when-available';
import { v7 } from 'uuid';
import { createContext } from './context.ts';
import { createListAnswers } from './list-answers.ts';
import { createManageProducts } from './manage-products.ts';
import { setAsideUnreadableProducts, subscribeToProducts } from './on-products.ts';
import { createProductCache } from './product-cache.ts';
import { createProductQueries } from './product-queries.ts';
import { createProductStore, productsOf } from './product-store.ts';
import { startReservations } from './reservations.ts';
import { createResolvers, type ResolverDependencies } from './resolvers.ts';

export interface ProductsDependencies extends SubgraphDependencies {
  events: Events;
  cache: Cache;
}

/**
 * Starts Products: indexes first, then the server, the relay and, in the background, the consumers. It answers
 * while the brokers are away, but is not ready.
 */
export async function createSubgraph(dependencies: ProductsDependencies): Promise<Subgraph> {
  const { documents, events, cache, log, clock = () => new Date(), newId = v7 } = dependencies;
  const source = `/products/${randomUUID()}`;
  const store = createProductStore(documents);
  await whenAvailable(() => store.createIndexes(), { log });
  const invalidation = createProductCache(cache);
  const relay = createOutboxRelay({
    collection: productsOf(documents),
    topic: topics.products.topic,
    source,
    events,
    log,
    clock,
  });
  const shared = { documents, events, log, clock, invalidation, source };
  const membership = joinTopics({
    events,
    log,
    topics: [...Object.values(topics), ...Object.values(deadLetterTopics)],
    subscribe: [
      () => subscribeToProducts(shared),
      () => startReservations(shared),
      () => setAsideUnreadableProducts(shared),
    ],
  });
  const manage = createManageProducts({ store, invalidation, relay, clock, newId, log });
  const queries = createProductQueries(documents);
  const listener = await listen(dependencies, { manage, queries, cache: invalidation }, membership).catch(
    async (error) => {
      await membership.stop();
      throw error;
    },
  );
  relay.start();
  let closing: Promise<void> | undefined;
  return {
    url: listener.url,
    close() {
      closing ??= close({ listener, relay, membership });
      return closing;
    },
  };
}

function listen(
  { documents, authenticate, verifyRouter, host, port, drainMs, log, maxRequests }: ProductsDependencies,
  domain: ResolverDependencies,
  membership: Subscription,
): Promise<HttpListener> {
  return startSubgraphServer({
    typeDefs: loadSchema(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(domain),
    authenticate,
    verifyRouter,
    createContext: createContext(domain.queries),
    answerWhole: createListAnswers(domain.cache),
    // Not the cache: without it every read is answered all the same.
    checkReady: async () => {
      await documents.ping();
      if (!membership.isReady()) throw new Error('orders.v1 and products.v1 are not subscribed yet');
    },
    host,
    port,
    log,
    drainMs,
    maxRequests,
  });
}

// Together below the 4 s that a subgraph has. What is cut off is safe in the outboxes and uncommitted offsets.
const requestGraceMs = 1_500;
const flushWithinMs = 1_000;
const stopWithinMs = 1_000;

async function close(running: {
  listener: HttpListener;
  relay: OutboxRelay;
  membership: Subscription;
}): Promise<void> {
  const { listener, relay, membership } = running;
  // The consumer needs no request to finish, nor the other way round.
  const leaving = settlesWithin(membership.stop(), requestGraceMs + flushWithinMs + stopWithinMs);
  await listener.close(requestGraceMs);
  await settlesWithin(relay.flush(), flushWithinMs);
  await Promise.all([settlesWithin(relay.stop(), stopWithinMs), leaving]);
}
