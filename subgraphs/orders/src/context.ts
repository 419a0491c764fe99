import { createBatchLoader } from '@shop/shared/graphql/batch-loader';
import type { Caller } from '@shop/shared/identity/caller';
import type { OrderStore } from './order-store.ts';
import { createUserOrdersLoader } from './user-orders.ts';

/** What lives as long as one request. */
export type OrdersContext = ReturnType<typeof createOrdersContext>;

/** The context of one request; its loaders ask the store once per batch. */
export function createOrdersContext(store: OrderStore, caller: Caller) {
  return {
    caller,
    arrivedAtMs: performance.now(),
    orders: createBatchLoader(store.findByIds, (order) => order._id),
    userOrders: createUserOrdersLoader(store),
  };
}
