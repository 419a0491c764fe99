import { secretFromApiSecret } from '@shop/shared/identity/secret-from-api-secret';
import type { Logger } from '@shop/shared/process/log';

/**
 * What signing keys are encrypted with: KEYS_SECRET; in its place, with a warning, what follows from API_SECRET. That opens
 * what was stored before a KEYS_SECRET was set, too: so one can be set at any time.
 */
export function keysSecretsOf(
  { KEYS_SECRET, API_SECRET }: { KEYS_SECRET?: readonly string[] | undefined; API_SECRET: string },
  log: Pick<Logger, 'warn'>,
): readonly string[] {
  if (!KEYS_SECRET)
    log.warn('KEYS_SECRET is not set: signing keys are encrypted by what follows from API_SECRET');
  return [...(KEYS_SECRET ?? []), secretFromApiSecret(API_SECRET, 'signing keys')];
}
