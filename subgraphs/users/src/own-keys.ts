import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { SigningKeys } from './signing-keys.ts';

/**
 * The keys that Users itself verifies tokens with. For a key that is not among them it looks into the database, since
 * another process may have stored it a moment ago, but at most once per cooldown: anybody can invent a key id.
 */
export function ownKeys(keys: SigningKeys, nowMs: () => number, cooldownMs = 5_000): JWTVerifyGetKey {
  let latest: { startedAtMs: number; refreshed: Promise<void> } | null = null;
  let known = { kids: '', find: createLocalJWKSet({ keys: [] }) };
  const find: JWTVerifyGetKey = (header, token) => {
    const published = keys.published();
    const kids = published.keys.map(({ kid }) => kid).join();
    // The set is kept while its keys are the same: it keeps what was imported.
    if (kids !== known.kids) known = { kids, find: createLocalJWKSet(published) };
    return known.find(header, token);
  };
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      if (latest === null || nowMs() - latest.startedAtMs >= cooldownMs) {
        latest = { startedAtMs: nowMs(), refreshed: keys.refresh() };
      }
      // Where it failed, whether there is such a key cannot be told until the next look.
      await latest.refreshed;
      return find(header, token);
    }
  };
}
