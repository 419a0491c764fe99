import {
  apiSecret,
  databasePrefix,
  keysSecrets,
  listenSettings,
  mongodbUri,
  redisUrl,
} from '@shop/shared/process/config';
import { z } from 'zod';
import { type AttemptLimits, defaultAttemptLimits } from './attempt-limits.ts';

const count = (usual: number) =>
  z.coerce.number('must be a number').int().min(1).max(1_000_000).default(usual);

/** How accounts are guarded; the same for Users alone and for the whole shop. */
export const accountSettings = {
  COMMON_PASSWORDS: z.enum(['allow', 'refuse'], 'must be allow or refuse').default('allow'),
  LOGIN_FAILURES_PER_ACCOUNT: count(defaultAttemptLimits.failuresPerAccount),
  LOGIN_FAILURES_PER_ADDRESS: count(defaultAttemptLimits.failuresPerAddress),
  REGISTRATIONS_PER_ADDRESS: count(defaultAttemptLimits.registrationsPerAddress),
};

/** How often one client may try. */
export function attemptLimitsOf(
  settings: Record<Exclude<keyof typeof accountSettings, 'COMMON_PASSWORDS'>, number>,
): AttemptLimits {
  return {
    failuresPerAccount: settings.LOGIN_FAILURES_PER_ACCOUNT,
    failuresPerAddress: settings.LOGIN_FAILURES_PER_ADDRESS,
    registrationsPerAddress: settings.REGISTRATIONS_PER_ADDRESS,
  };
}

/** What Users reads from the environment when it runs alone. */
export const usersConfig = z.object({
  ...listenSettings(4001),
  MONGODB_URI: mongodbUri,
  DATABASE_PREFIX: databasePrefix,
  API_SECRET: apiSecret,
  KEYS_SECRET: keysSecrets,
  REDIS_URL: redisUrl.optional(),
  ...accountSettings,
});
