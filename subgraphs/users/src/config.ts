import { apiSecret, databasePrefix, listenSettings, mongodbUri } from '@shop/shared/process/config';
import { z } from 'zod';

/** What Users reads from the environment when it runs alone. */
export const usersConfig = z.object({
  ...listenSettings(4001),
  MONGODB_URI: mongodbUri,
  DATABASE_PREFIX: databasePrefix,
  API_SECRET: apiSecret,
});
