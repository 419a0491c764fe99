import { readFileSync } from 'node:fs';
import { createSubgraph as createImages } from '@shop/images/subgraph';
import { createSubgraph as createOrders } from '@shop/orders/subgraph';
import { createSubgraph as createProducts } from '@shop/products/subgraph';
import { createRouter } from '@shop/router/router';
import { openEmbeddedCache } from '@shop/shared/cache/embedded-cache';
import { countCalls } from '@shop/shared/documents/count-calls';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { openEmbeddedEvents } from '@shop/shared/events/open-embedded-events';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import { createLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { createSubgraph as createUsers } from '@shop/users/subgraph';
import type { ShopAccess } from './client.ts';

type Name = 'users' | 'products' | 'orders' | 'images';

/** The whole shop in this process, for tests that reach into its parts. */
export interface InProcessShop extends ShopAccess {
  subgraphs: Record<Name, Subgraph>;
  documents: Record<Name, Documents>;
  /** Operations on any database since the last reset. */
  databaseCalls: { count(): number; reset(): void };
  /** How far Users' clock goes wrong; 0 at first. */
  usersClock: { offsetMs: number };
  close(): Promise<void>;
}

export interface InProcessShopOptions {
  /** In memory unless given. */
  openDocuments?: (name: Name) => Documents;
  eventsFile?: string;
  /** How much each part works on at once. */
  maxRequests?: { router: number; subgraph: number };
  maxWaiters?: number;
}

const host = '127.0.0.1';
const apiSecret = 'a secret of the end-to-end tests';

export async function startInProcessShop(options: InProcessShopOptions = {}): Promise<InProcessShop> {
  const { openDocuments = () => openEmbeddedDocuments({ file: ':memory:' }), eventsFile = ':memory:' } =
    options;
  const { maxRequests, maxWaiters } = options;
  const log = createLog('e2e', 'silent');
  const open = (name: Name) => countCalls(openDocuments(name));
  const counted = {
    users: open('users'),
    products: open('products'),
    orders: open('orders'),
    images: open('images'),
  };
  const { users, products, orders, images } = counted;
  const events = openEmbeddedEvents({ file: eventsFile, log });
  const cache = openEmbeddedCache();
  const usersClock = { offsetMs: 0 };
  const own = ({ documents }: { documents: Documents }) => ({
    documents,
    host,
    port: 0,
    log,
    ...(maxRequests && { maxRequests: maxRequests.subgraph }),
  });
  const clock = () => new Date(Date.now() + usersClock.offsetMs);
  const usersSubgraph = await createUsers({ ...own(users), apiSecret, clock });
  const authenticate = authenticateByUsers({ apiSecret, usersUrl: usersSubgraph.url });
  const subgraphs = {
    users: usersSubgraph,
    products: await createProducts({ ...own(products), events, cache, authenticate }),
    orders: await createOrders({
      ...own(orders),
      events,
      authenticate,
      orderExpiresAfterMs: 60_000,
      ...(maxWaiters && { maxWaiters }),
    }),
    images: await createImages({ ...own(images), authenticate }),
  };
  const router = await createRouter({
    supergraphSdl: readFileSync(new URL('../../contracts/supergraph.graphql', import.meta.url), 'utf8'),
    subgraphUrls: Object.fromEntries(
      Object.entries(subgraphs).map(([name, { url }]) => [name, [`${url}/graphql`]]),
    ),
    host,
    port: 0,
    log,
    ...(maxRequests && { maxRequests: maxRequests.router }),
  });
  const stores = Object.values(counted);
  return {
    url: router.url,
    apiSecret,
    subgraphs,
    documents: {
      users: users.documents,
      products: products.documents,
      orders: orders.documents,
      images: images.documents,
    },
    usersClock,
    databaseCalls: {
      count: () => stores.reduce((sum, store) => sum + store.calls(), 0),
      reset: () => {
        for (const store of stores) store.reset();
      },
    },
    async close() {
      await router.close();
      await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.close()));
      await Promise.all([events.close(), cache.close(), ...stores.map(({ documents }) => documents.close())]);
    },
  };
}
