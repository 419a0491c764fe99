import { directOnLoopback, knowsItsRouter, subgraphTrust } from '@shop/shared/identity/router-trust';
import {
  apiSecret,
  databasePrefix,
  kafkaBrokers,
  listenSettings,
  mongodbUri,
  orderExpiresAfterMs,
  topicPrefix,
  usersUrl,
} from '@shop/shared/process/config';
import { z } from 'zod';

/** What Orders reads from the environment when it runs alone. */
export const ordersConfig = z
  .object({
    ...listenSettings(4003),
    MONGODB_URI: mongodbUri,
    DATABASE_PREFIX: databasePrefix,
    KAFKA_BROKERS: kafkaBrokers,
    TOPIC_PREFIX: topicPrefix,
    API_SECRET: apiSecret,
    USERS_URL: usersUrl,
    ORDER_EXPIRES_AFTER_MS: orderExpiresAfterMs,
    ...subgraphTrust,
  })
  .refine(...knowsItsRouter)
  .refine(...directOnLoopback);
