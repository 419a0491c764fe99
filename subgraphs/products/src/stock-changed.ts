import { topics } from '@shop/contracts/events/topics.ts';
import type { Documents } from '@shop/shared/documents/port';
import { encodeEvent } from '@shop/shared/events/cloud-event';
import type { Events } from '@shop/shared/events/port';
import type { ProductDoc } from './product.ts';

/**
 * Tells other processes what a batch of orders left of these products. It needs no outbox: the batch's offsets are
 * committed only after this has resolved, and a batch that comes again names the same products.
 */
export function createStockChangedPublisher(options: {
  documents: Documents;
  events: Events;
  source: string;
  clock: () => Date;
}): (productIds: string[], cause: { partition: string; lastOffset: number }) => Promise<void> {
  const products = options.documents.collection<ProductDoc>('products');
  return async (productIds, { partition, lastOffset }) => {
    if (productIds.length === 0) return;
    const found = products.find(
      { _id: { $in: productIds }, status: { $ne: 'DELETED' } },
      { limit: productIds.length, projection: { quantity: 1 } },
    );
    const time = options.clock().toISOString();
    const records = (await found.toArray()).map(({ _id: productId, quantity }) => ({
      key: productId,
      value: encodeEvent({
        id: `${productId}:${partition}-${lastOffset}`,
        source: options.source,
        type: 'product.stock_changed',
        subject: productId,
        time,
        data: { productId, quantity },
      }),
    }));
    if (records.length > 0) await options.events.publish(topics.products.topic, records);
  };
}
