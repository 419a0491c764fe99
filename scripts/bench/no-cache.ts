import type { Cache } from '@shop/shared/cache/port';

/**
 * A cache that holds nothing: every read asks the database, on its own. Each look-up is in a generation of its own,
 * since readers who saw the same one share their load.
 */
export function noCache(): Cache {
  let lookUps = 0;
  return {
    get: async () => ({ kind: 'miss', token: String(++lookUps) }),
    set: async () => false,
    invalidate: async () => {},
    invalidateParts: async () => {},
    isHealthy: () => true,
    close: async () => {},
  };
}
