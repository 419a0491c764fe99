/**
 * The cache port. Entries live in scopes ("product:42", "products"); invalidating a scope drops its entries
 * and moves it to a new generation, and an entry is stored only if its scope is still in the generation that
 * the reader saw before it asked the database: a slow reader cannot put an old value over a newer one.
 * An entry may name the parts of the scope that it shows: a change of other parts leaves it valid.
 * No method ever rejects: a cache that does not answer within its deadline is a miss.
 */

/** `token` names the generation and the changes seen; null: the cache cannot be used now, so nothing will be stored. */
export type Lookup = { kind: 'hit'; value: string } | { kind: 'miss'; token: string | null };

export interface CacheEntry {
  value: string;
  /** At most 60,000. */
  ttlMs: number;
  /** What of the scope the value shows, by names of the caller's; without them it shows the whole scope. */
  parts?: readonly string[];
}

export interface Cache {
  get(scope: string, key: string): Promise<Lookup>;
  /** Stores the entry unless what it shows was invalidated since its token was seen; answers whether it did. */
  set(scope: string, key: string, token: string, entry: CacheEntry): Promise<boolean>;
  /**
   * Drops every entry of these scopes. Resolves when the cache has acknowledged it or, after the deadline,
   * once this process has begun to read past these scopes; it is then retried until it is acknowledged.
   */
  invalidate(scopes: string[]): Promise<void>;
  /** The same for the entries of a scope that show one of these parts, and for those that name no parts. */
  invalidateParts(scope: string, parts: string[]): Promise<void>;
  /** Whether the server behind the cache answers now; for metrics and logs, never for readiness. */
  isHealthy(): boolean;
  /** Waits a bounded time for pending invalidations, then disconnects. Idempotent. */
  close(): Promise<void>;
}
