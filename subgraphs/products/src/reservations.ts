import { topics } from '@shop/contracts/events/topics.ts';
import type { Documents } from '@shop/shared/documents/port';
import { createOutboxRelay, outboxIndex } from '@shop/shared/events/outbox-relay';
import type { Events } from '@shop/shared/events/port';
import type { Logger } from '@shop/shared/process/log';
import { consumeOrders } from './on-orders.ts';
import type { ProductInvalidation } from './product-cache.ts';
import type { ReservationDoc } from './reservation.ts';
import { createReservationStore } from './reservation-store.ts';
import { reserveBatch } from './reserve-batch.ts';
import { createStockChangedPublisher } from './stock-changed.ts';

export interface Reservations {
  isReady(): boolean;
  /** Publishes what is decided; bounded in time. */
  flush(): Promise<void>;
  /** Finishes the running batch and leaves the group. Idempotent. */
  stop(): Promise<void>;
}

/**
 * The Products side of the reservation protocol: orders.v1 in, decisions out on inventory.v1. The topics exist
 * already. Rejects while the servers are away; it can then be called again.
 */
export async function startReservations(options: {
  documents: Documents;
  events: Events;
  log: Logger;
  clock: () => Date;
  invalidation: ProductInvalidation;
  /** The source of this process's events, `/products/<instance>`. */
  source: string;
}): Promise<Reservations> {
  const { documents, events, log, clock, invalidation, source } = options;
  const reservations = documents.collection<ReservationDoc>('reservations');
  await reservations.createIndexes([outboxIndex]);
  const relay = createOutboxRelay({
    collection: documents.collection<ReservationDoc>('reservations'),
    topic: topics.inventory.topic,
    source,
    events,
    log,
    clock,
  });
  const store = createReservationStore(documents, clock);
  const publishStockChanged = createStockChangedPublisher({ documents, events, source, clock });
  const onDecided = (orderIds: string[]) => orderIds.forEach(relay.nudge, relay);
  const subscription = await consumeOrders({
    events,
    log,
    onBatch: async (batch) => {
      const productIds = await reserveBatch(batch, { store, invalidation, onDecided });
      await publishStockChanged(productIds, batch);
    },
  });
  relay.start();
  return {
    isReady: () => subscription.isReady(),
    flush: () => relay.flush(),
    async stop() {
      await subscription.stop();
      await relay.flush();
      await relay.stop();
    },
  };
}
