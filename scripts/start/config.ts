import { clientSettings, documentSettings, supergraphSettings } from '@shop/router/config';
import { allowDirect, directOnLoopback, routerSecret } from '@shop/shared/identity/router-trust';
import {
  apiSecret,
  dataDir,
  type Environment,
  kafkaBrokers,
  keysSecrets,
  listenSettings,
  mongodbUri,
  orderExpiresAfterMs,
  readConfigOrExit,
  topicPrefix,
} from '@shop/shared/process/config';
import { accountSettings } from '@shop/users/config';
import { z } from 'zod';
import { subgraphNames } from './subgraph-names.ts';

/** What `npm start` reads from the environment. */
export const wholeShopConfig = z
  .object({
    ...listenSettings(4000),
    ...supergraphSettings,
    ...documentSettings,
    ...clientSettings,
    ...accountSettings,
    MONGODB_URI: mongodbUri.optional(),
    KAFKA_BROKERS: kafkaBrokers.optional(),
    DATA_DIR: dataDir,
    TOPIC_PREFIX: topicPrefix,
    API_SECRET: apiSecret.optional(),
    KEYS_SECRET: keysSecrets.optional(),
    ORDER_EXPIRES_AFTER_MS: orderExpiresAfterMs,
    ROUTER_SECRET: routerSecret,
    ALLOW_DIRECT: allowDirect,
  })
  .refine(...directOnLoopback)
  .refine((config) => config.PORT + subgraphNames.length <= 65_535, {
    path: ['PORT'],
    message: `must leave room for the ${subgraphNames.length} subgraphs on the ports after it`,
  })
  // Only where the data is ours to keep may the secret be kept beside it.
  .refine((config) => config.API_SECRET !== undefined || config.MONGODB_URI === undefined, {
    path: ['API_SECRET'],
    message: "is required with MONGODB_URI: the admin's x-api-key, at least 16 characters",
  });

export type WholeShopConfig = z.output<typeof wholeShopConfig>;

/** The configuration of the whole shop in one process; ends the process with every problem listed. */
export function readWholeShopConfig(environment: Environment): WholeShopConfig {
  return readConfigOrExit(wholeShopConfig, environment);
}
