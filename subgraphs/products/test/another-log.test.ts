import { randomUUID } from 'node:crypto';
import { topics } from '@shop/contracts/events/topics.ts';
import { openEmbeddedCache } from '@shop/shared/cache/embedded-cache';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { openEmbeddedEvents } from '@shop/shared/events/open-embedded-events';
import { silentLog } from '@shop/shared/process/log';
import { expect, test } from 'vitest';
import {
  collect,
  create,
  placedRecord,
  publishOrders,
  readOne,
  startProducts,
} from './products-under-test.ts';

// Someone deletes the embedded log, or gives an embedded shop real brokers: offsets begin at 0 again, below the fences.
test('the same products sell on when the shop moves to another log', async () => {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  const cache = openEmbeddedCache();
  let productId = '';
  for (const expected of [9, 8]) {
    const events = openEmbeddedEvents({ file: ':memory:', log: silentLog });
    const products = await startProducts({ documents, events, cache });
    const decided = await collect(events, topics.inventory);
    productId ||= (await create(products, { quantity: 10 }))._id;
    // The same key each time, so that the partition is the same.
    const orderId = `order-${expected}`;
    const { value } = placedRecord(orderId, { [productId]: 1 });
    const ahead = Array.from({ length: expected === 9 ? 20 : 0 }, () => ({
      key: 'key',
      value: placedRecord(randomUUID(), { [productId]: 1_000 }).value,
    }));
    await publishOrders(events, ...ahead, { key: 'key', value });
    const decision = () => decided.find(({ subject }) => subject === orderId)?.type;
    await expect.poll(decision, { timeout: 10_000 }).toBe('inventory.reserved');
    expect((await readOne(products, productId))?.quantity).toBe(expected);
    await products.close();
    await events.close();
  }
  await cache.close();
  await documents.close();
});
