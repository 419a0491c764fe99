import { topics } from '@shop/contracts/events/topics.ts';
import { consumeEvents } from '@shop/shared/events/consume';
import type { Events, Subscription } from '@shop/shared/events/port';
import type { Logger } from '@shop/shared/process/log';
import type { ProductInvalidation } from './product-cache.ts';

/**
 * Hears of the changes that other processes of Products made and invalidates what this one has cached. Its own
 * (those of `source`) it has invalidated before anybody was told.
 */
export function subscribeToProducts(options: {
  events: Events;
  log: Logger;
  invalidation: ProductInvalidation;
  source: string;
}): Promise<Subscription> {
  const { events, log, invalidation, source } = options;
  return consumeEvents({
    events,
    log,
    group: { broadcast: 'products-cache' },
    source: topics.products,
    types: topics.products.types,
    async onEvents(batch) {
      const others = batch.events.map(({ event }) => event).filter((event) => event.source !== source);
      const isOfStock = ({ type }: { type: string }) => type === 'product.stock_changed';
      const idsOf = (events: typeof others) => events.map(({ data }) => data.productId);
      await invalidation.invalidate(idsOf(others.filter(isOfStock)), 'stock');
      await invalidation.invalidate(idsOf(others.filter((event) => !isOfStock(event))), 'anything');
    },
  });
}

/**
 * Sets aside what nobody can decode. A broadcast cannot: every process hears all of it, so each record would be set
 * aside once by each. This group's members share the topic.
 */
export function setAsideUnreadableProducts({
  events,
  log,
}: {
  events: Events;
  log: Logger;
}): Promise<Subscription> {
  return consumeEvents({
    events,
    log,
    group: 'products-dlq',
    source: topics.products,
    types: topics.products.types,
    onEvents: async () => {},
  });
}
