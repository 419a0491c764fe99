import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

/** Keys cannot be had just now; it says nothing about the token that was to be verified. */
export class KeysUnavailableError extends Error {
  override name = 'KeysUnavailableError';
}

/** A request waits for them, so far below its deadline. */
export const keysWithinMs = 3_000;

/** After so long keys are asked for anew: a key that Users no longer publishes is good for that much longer. */
export const keysMaxAgeMs = 300_000;

export interface PublishedKeysOptions {
  maxAgeMs?: number;
  /** How long after an answer, or after a failure while there are keys, Users is left in peace. */
  cooldownMs?: number;
  /** Asks in place of the global `fetch`. */
  fetch?: FetchImplementation;
}

/**
 * The keys that Users publishes at `/.well-known/jwks.json`, fetched when first needed and then kept.
 *
 * They are asked for anew after `maxAgeMs`, and for a key that is not among them, at most once per cooldown. While
 * Users does not answer, the last good ones go on being used, however old: whoever was logged in stays so. What is
 * not among those rejects with KeysUnavailableError meanwhile, since it may be a new key. The first request after
 * `maxAgeMs` waits for the answer; once that has failed, later attempts are made beside the requests, so that a Users
 * that hangs slows nobody down.
 */
export function publishedKeys(usersUrl: string, options: PublishedKeysOptions = {}): JWTVerifyGetKey {
  const { maxAgeMs = keysMaxAgeMs, cooldownMs = 5_000 } = options;
  const remote = createRemoteJWKSet(new URL('/.well-known/jwks.json', usersUrl), {
    timeoutDuration: keysWithinMs,
    cooldownDuration: cooldownMs,
    // Age is judged below: jose would stop using old keys while it cannot get new ones.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    ...(options.fetch && { [customFetch]: options.fetch }),
  });
  let reloadedAtMs = 0;
  let failedAtMs: number | null = null;

  async function reload(): Promise<void> {
    try {
      await remote.reload();
      reloadedAtMs = Date.now();
      failedAtMs = null;
    } catch (error) {
      failedAtMs = Date.now();
      throw new KeysUnavailableError('the keys of access tokens cannot be had from Users', { cause: error });
    }
  }
  const isResting = () => failedAtMs !== null && Date.now() - failedAtMs < cooldownMs;

  async function renewOldKeys(): Promise<void> {
    if (Date.now() - reloadedAtMs < maxAgeMs || isResting()) return;
    const attempt = reload().catch(() => undefined);
    if (failedAtMs === null) await attempt;
  }

  return async (header, token) => {
    if (remote.jwks() === undefined) await reload();
    else await renewOldKeys();
    if (!hasKey(remote.jwks(), header?.kid)) {
      if (!remote.coolingDown && !isResting()) await reload();
      // Whether Users has such a key cannot be told before it answers again.
      else if (failedAtMs !== null)
        throw new KeysUnavailableError('an unknown key, and Users does not answer');
    }
    return remote(header, token);
  };
}

function hasKey(published: { keys: { kid?: string }[] } | undefined, kid: string | undefined): boolean {
  return published?.keys.some((key) => key.kid === kid) ?? false;
}
