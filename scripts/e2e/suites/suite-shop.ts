import type { ShopAccess } from '../client.ts';

/** The shop that a suite asks: started before its tests and ended after them. */
export interface SuiteShop {
  start(): Promise<ShopAccess>;
  end(): Promise<void>;
}
