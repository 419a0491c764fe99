import type { ShopAccess } from '../client.ts';

/** The shop that a suite asks: started before its tests and ended after them. */
export interface SuiteShop {
  start(): Promise<ShopAccess>;
  end(): Promise<void>;
}

/** A suite's shop of one that can be closed. */
export function closing(start: () => Promise<ShopAccess & { close(): Promise<void> }>): SuiteShop {
  let shop: Awaited<ReturnType<typeof start>> | undefined;
  return {
    async start() {
      shop = await start();
      return shop;
    },
    async end() {
      await shop?.close();
    },
  };
}
