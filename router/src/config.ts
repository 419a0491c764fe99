import { fileURLToPath } from 'node:url';
import { directOnLoopback, isKnownToSubgraphs, routerTrust } from '@shop/shared/identity/router-trust';
import {
  apiSecret,
  databasePrefix,
  dataDir,
  type Environment,
  listenSettings,
  redisUrl,
  subgraphUrls,
} from '@shop/shared/process/config';
import { z } from 'zod';
import { corsOrigins } from './cross-origin.ts';
import { defaultLimits } from './operation-limits.ts';
import { trustedProxies } from './trusted-proxies.ts';

const committedSupergraph = fileURLToPath(new URL('../../contracts/supergraph.graphql', import.meta.url));

/** Where the supergraph comes from: the same for a router alone and for the whole shop. */
export const supergraphSettings = {
  SUPERGRAPH: z.string().default(committedSupergraph),
  SUPERGRAPH_POLL_MS: z.coerce.number('must be milliseconds').int().min(100).max(3_600_000).default(10_000),
  SUPERGRAPH_STORE_TOKEN: z.string().optional(),
};

/** An origin: metadata of an issuer with a path would be at another place (RFC 8414, section 3.1). */
const publicUrl = z
  .string()
  .refine(isOrigin, 'must be an http(s) origin such as https://shop.example, without a path')
  .transform((text) => new URL(text).origin);

/** How clients reach the router; as above. */
export const clientSettings = {
  TRUSTED_PROXIES: trustedProxies.optional(),
  CORS_ORIGINS: corsOrigins.optional(),
  PUBLIC_URL: publicUrl.optional(),
};

/** What clients may ask for on the public graph; as above. */
export const documentSettings = {
  TRUSTED_DOCUMENTS: z.enum(['off', 'log', 'enforce'], 'must be off, log or enforce').default('off'),
  REDIS_URL: redisUrl.optional(),
  DATABASE_PREFIX: databasePrefix,
  MAX_OPERATION_COST: z.coerce
    .number('must be a number')
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(defaultLimits.cost),
  INTROSPECTION: z.enum(['on', 'off'], 'must be on or off').optional(),
  NODE_ENV: z.string().optional(),
};

/** The environment of the router; a subgraph without a variable is found where the supergraph says. */
export const routerSettings = z
  .object({
    ...listenSettings(4000),
    ...supergraphSettings,
    ...documentSettings,
    ...clientSettings,
    DATA_DIR: dataDir,
    API_SECRET: apiSecret.optional(),
    USERS_URL: subgraphUrls.optional(),
    PRODUCTS_URL: subgraphUrls.optional(),
    ORDERS_URL: subgraphUrls.optional(),
    IMAGES_URL: subgraphUrls.optional(),
    ...routerTrust,
  })
  .refine(...isKnownToSubgraphs)
  .refine(...directOnLoopback);

/** Not where a subgraph is. */
const otherUrls = new Set(['REDIS_URL', 'PUBLIC_URL']);

/**
 * Where the environment says subgraphs are, by their names in the supergraph: ORDERS_URL is that of `orders`. What is no
 * http URL is none of ours: the four subgraphs of this repository are checked by `routerSettings`.
 */
export function subgraphUrlsOf(environment: Environment): SubgraphUrls {
  const found = Object.entries(environment).flatMap(([variable, text]) => {
    const name = /^([A-Z][A-Z0-9_]*)_URL$/.exec(variable)?.[1];
    if (!name || !text || otherUrls.has(variable)) return [];
    const urls = subgraphUrls.safeParse(text);
    return urls.success ? [[name.toLowerCase(), urls.data] as const] : [];
  });
  return Object.fromEntries(found);
}

export type SubgraphUrls = Record<string, readonly string[] | undefined>;

/**
 * The gateway reports its use to Apollo unless this variable says otherwise at the time it is constructed:
 * here that takes a decision, APOLLO_TELEMETRY_DISABLED=0.
 */
export function keepApolloQuiet(): void {
  process.env.APOLLO_TELEMETRY_DISABLED ??= '1';
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, href, origin } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}/`;
}
