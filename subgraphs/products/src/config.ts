import { directOnLoopback, knowsItsRouter, subgraphTrust } from '@shop/shared/identity/router-trust';
import {
  apiSecret,
  databasePrefix,
  kafkaBrokers,
  listenSettings,
  mongodbUri,
  redisUrl,
  topicPrefix,
  usersUrl,
} from '@shop/shared/process/config';
import { z } from 'zod';

/** What Products reads from the environment when it runs alone. */
export const productsConfig = z
  .object({
    ...listenSettings(4002),
    MONGODB_URI: mongodbUri,
    DATABASE_PREFIX: databasePrefix,
    KAFKA_BROKERS: kafkaBrokers,
    TOPIC_PREFIX: topicPrefix,
    REDIS_URL: redisUrl.optional(),
    API_SECRET: apiSecret,
    USERS_URL: usersUrl,
    ...subgraphTrust,
  })
  .refine(...knowsItsRouter)
  .refine(...directOnLoopback);
