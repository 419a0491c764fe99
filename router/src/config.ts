import { listenSettings, subgraphUrls } from '@shop/shared/process/config';
import { z } from 'zod';

/** The environment of the router; a subgraph without a variable is found where the supergraph says. */
export const routerSettings = z.object({
  ...listenSettings(4000),
  USERS_URL: subgraphUrls.optional(),
  PRODUCTS_URL: subgraphUrls.optional(),
  ORDERS_URL: subgraphUrls.optional(),
  IMAGES_URL: subgraphUrls.optional(),
});

/** The URLs that the environment gives, by the subgraph's name in the supergraph. */
export function subgraphUrlsOf(settings: Readonly<z.output<typeof routerSettings>>): SubgraphUrls {
  const { USERS_URL, PRODUCTS_URL, ORDERS_URL, IMAGES_URL } = settings;
  return { users: USERS_URL, products: PRODUCTS_URL, orders: ORDERS_URL, images: IMAGES_URL };
}

export type SubgraphUrls = Record<string, readonly string[] | undefined>;

/**
 * The gateway reports its use to Apollo unless this variable says otherwise at the time it is constructed:
 * here that takes a decision, APOLLO_TELEMETRY_DISABLED=0.
 */
export function keepApolloQuiet(): void {
  process.env.APOLLO_TELEMETRY_DISABLED ??= '1';
}
