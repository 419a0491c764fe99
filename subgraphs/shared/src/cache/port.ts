/**
 * The cache port. Entries live in scopes ("product:42", "products"); invalidating a scope drops its entries
 * and moves it to a new generation, and an entry is stored only if its scope is still in the generation that
 * the reader saw before it asked the database: a slow reader cannot put an old value over a newer one.
 * No method ever rejects: a cache that does not answer within its deadline is a miss.
 */

/** `token` names the generation seen; null: the cache cannot be used now, so nothing will be stored. */
export type Lookup = { kind: 'hit'; value: string } | { kind: 'miss'; token: string | null };

export interface Cache {
  get(scope: string, key: string): Promise<Lookup>;
  /** Stores the value for at most `ttlMs` (≤ 60,000) if the scope is still in the token's generation; answers whether it did. */
  set(scope: string, key: string, value: string, token: string, ttlMs: number): Promise<boolean>;
  /**
   * Drops every entry of these scopes. Resolves when the cache has acknowledged it or, after the deadline,
   * once this process has begun to read past these scopes; it is then retried until it is acknowledged.
   */
  invalidate(scopes: string[]): Promise<void>;
  /** Whether the server behind the cache answers now; for metrics and logs, never for readiness. */
  isHealthy(): boolean;
  /** Waits a bounded time for pending invalidations, then disconnects. Idempotent. */
  close(): Promise<void>;
}
