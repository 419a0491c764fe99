import { createOrderStore } from '@shop/orders/order-store';
import { OrderWaiters } from '@shop/orders/order-waiters';
import { createManageProducts } from '@shop/products/manage-products';
import { createProductCache } from '@shop/products/product-cache';
import { createProductStore } from '@shop/products/product-store';
import { openEmbeddedCache } from '@shop/shared/cache/embedded-cache';
import type { Cache } from '@shop/shared/cache/port';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { silentLog } from '@shop/shared/process/log';
import { ManualBroker } from './manual-broker.ts';
import { Observer } from './observer.ts';

/** What clients do in one run, and the choices of the schedule. */
export interface SagaScenario {
  stock: number[];
  /** Placed one after the other; those of one user and key are meant to be one order. */
  placements: { user: string; key: string | null; products: { _id: string; quantity: number }[] }[];
  /** The protocol with its guard against stale reads taken out. */
  forgetsToInvalidate?: boolean;
  /** An endless row of numbers 0..9999 that decides who runs, who dies and what is delivered. */
  choices: Iterator<number>;
}

/** Everything that outlives a process: databases, topics, the cache; and what the clients remember. */
export interface World {
  scenario: SagaScenario;
  databases: { orders: Documents; products: Documents };
  /** Each process puts its own product cache on top. */
  cache: Cache;
  broker: ManualBroker;
  waiters: OrderWaiters;
  placed: number;
  acknowledged: { orderId: string; user: string; key: string | null }[];
  /** What admins added to each product: acknowledged, and at most (an admin may be killed before the answer). */
  restocked: Map<string, { atLeast: number; atMost: number }>;
  problems: string[];
  observer: Observer;
  nowMs: number;
  clock: () => Date;
  newId: () => string;
  choose: () => number;
  close(): Promise<void>;
}

export async function createWorld(scenario: SagaScenario): Promise<World> {
  const databases = {
    orders: openEmbeddedDocuments({ file: ':memory:' }),
    products: openEmbeddedDocuments({ file: ':memory:' }),
  };
  const cache = openEmbeddedCache();
  let ids = 0;
  const world: World = {
    scenario,
    databases,
    cache,
    broker: new ManualBroker(),
    waiters: new OrderWaiters(),
    placed: 0,
    acknowledged: [],
    restocked: new Map(scenario.stock.map((_, index) => [`p${index}`, { atLeast: 0, atMost: 0 }])),
    problems: [],
    observer: new Observer(),
    nowMs: 0,
    clock: () => new Date(world.nowMs),
    newId: () => `o${ids++}`,
    choose: () => scenario.choices.next().value,
    close: async () => {
      await Promise.all([databases.orders.close(), databases.products.close(), cache.close()]);
    },
  };
  await createOrderStore(databases.orders).createIndexes();
  await stockUp(world);
  return world;
}

async function stockUp({ databases, cache, scenario, clock }: World): Promise<void> {
  const store = createProductStore(databases.products);
  await store.createIndexes();
  for (const [index, quantity] of scenario.stock.entries()) {
    const manage = createManageProducts({
      store,
      invalidation: createProductCache(cache),
      relay: { nudge: () => undefined },
      clock,
      newId: () => `p${index}`,
      log: silentLog,
    });
    await manage.create({
      name: `product ${index}`,
      price: 10 + index,
      quantity,
      description: null,
      status: 'ACTIVE',
    });
  }
}
