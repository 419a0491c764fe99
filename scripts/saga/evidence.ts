import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { OrderDoc } from '@shop/orders/order';
import type { ProductDoc } from '@shop/products/product';
import { createProductCache } from '@shop/products/product-cache';
import type { ReservationDoc } from '@shop/products/reservation';
import type { Evidence } from './invariants.ts';
import type { World } from './world.ts';

/** What a quiet world holds. */
export async function gatherEvidence(world: World): Promise<Evidence> {
  const { acknowledged, databases, restocked, scenario } = world;
  const everything = { limit: 1_000 };
  const all = <T extends { _id: string }>(database: World['databases']['orders'], collection: string) =>
    database.collection<T>(collection).find({}, everything).toArray();
  const products = await all<ProductDoc>(databases.products, 'products');
  const stocked = products.map(({ _id }): [string, { atLeast: number; atMost: number }] => {
    const initial = scenario.stock[Number(_id.slice(1))] ?? 0;
    const { atLeast, atMost } = restocked.get(_id) ?? { atLeast: 0, atMost: 0 };
    return [_id, { atLeast: initial + atLeast, atMost: initial + atMost }];
  });
  const recordsOf = (topic: string) =>
    world.broker.records(topic).map(({ value }) => ({ topic, value: value ?? '{}' }));
  return {
    orders: await all<OrderDoc>(databases.orders, 'orders'),
    reservations: await all<ReservationDoc>(databases.products, 'reservations'),
    products,
    acknowledged,
    stocked: new Map(stocked),
    events: [topics.orders.topic, topics.inventory.topic].flatMap(recordsOf),
    deadLetters: Object.values(deadLetterTopics).flatMap(({ topic }) =>
      recordsOf(topic).map(({ value }) => value),
    ),
    cached: await readCached(world, products),
  };
}

async function readCached({ cache }: World, products: ProductDoc[]): Promise<Evidence['cached']> {
  const cached: Evidence['cached'] = new Map();
  for (const { _id } of products) {
    // Not cached is no lie: null is what the loader says.
    const read = await createProductCache(cache).readProduct(_id, async () => null);
    cached.set(_id, read?.quantity);
  }
  return cached;
}
