import { directOnLoopback, knowsItsRouter, subgraphTrust } from '@shop/shared/identity/router-trust';
import { apiSecret, databasePrefix, listenSettings, mongodbUri, usersUrl } from '@shop/shared/process/config';
import { z } from 'zod';

/** What Template reads from the environment when it runs alone. */
export const templateConfig = z
  .object({
    ...listenSettings(4999),
    MONGODB_URI: mongodbUri,
    DATABASE_PREFIX: databasePrefix,
    API_SECRET: apiSecret,
    USERS_URL: usersUrl,
    ...subgraphTrust,
  })
  .refine(...knowsItsRouter)
  .refine(...directOnLoopback);
