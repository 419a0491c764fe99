import { directOnLoopback, knowsItsRouter, subgraphTrust } from '@shop/shared/identity/router-trust';
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
import { accessTokenLifeMs } from './issue-access-token.ts';
import { maxTokenLifeMs } from './key-schedule.ts';

const count = (usual: number) =>
  z.coerce.number('must be a number').int().min(1).max(1_000_000).default(usual);

/** How accounts are guarded, and for how long a login is good; the same for Users alone and for the whole shop. */
export const accountSettings = {
  ACCESS_TOKEN_LIFETIME_MS: z.coerce
    .number('must be milliseconds')
    .int()
    .min(1_000)
    .max(maxTokenLifeMs)
    .default(accessTokenLifeMs),
  COMMON_PASSWORDS: z.enum(['allow', 'refuse'], 'must be allow or refuse').default('allow'),
  LOGIN_FAILURES_PER_ACCOUNT: count(defaultAttemptLimits.failuresPerAccount),
  LOGIN_FAILURES_PER_ADDRESS: count(defaultAttemptLimits.failuresPerAddress),
  REGISTRATIONS_PER_ADDRESS: count(defaultAttemptLimits.registrationsPerAddress),
};

/** How often one client may try. */
export function attemptLimitsOf(
  settings: Pick<
    Record<keyof typeof accountSettings, number>,
    'LOGIN_FAILURES_PER_ACCOUNT' | 'LOGIN_FAILURES_PER_ADDRESS' | 'REGISTRATIONS_PER_ADDRESS'
  >,
): AttemptLimits {
  return {
    failuresPerAccount: settings.LOGIN_FAILURES_PER_ACCOUNT,
    failuresPerAddress: settings.LOGIN_FAILURES_PER_ADDRESS,
    registrationsPerAddress: settings.REGISTRATIONS_PER_ADDRESS,
  };
}

/** What Users reads from the environment when it runs alone. */
export const usersConfig = z
  .object({
    ...listenSettings(4001),
    MONGODB_URI: mongodbUri,
    DATABASE_PREFIX: databasePrefix,
    API_SECRET: apiSecret,
    KEYS_SECRET: keysSecrets.optional(),
    REDIS_URL: redisUrl.optional(),
    ...accountSettings,
    ...subgraphTrust,
  })
  .refine(...knowsItsRouter)
  .refine(...directOnLoopback);
