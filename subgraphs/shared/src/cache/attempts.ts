/**
 * How often things were attempted lately, by key: what limits are decided by. No method ever rejects or takes long:
 * where the server that counts for every process is away, this process counts for itself.
 */
export interface Attempts {
  /**
   * Counts one attempt under every key, or under none if one of them has had as many as its limit. The first attempt
   * under a key opens its window; when that is over, all that it counted is forgotten.
   */
  take(budgets: readonly Budget[]): Promise<Taken>;
  /** These attempts, one under each key, do not count after all; without any left, a key's window is over. */
  giveBack(keys: readonly string[]): Promise<void>;
  /** Nothing was attempted under these keys. */
  forget(keys: readonly string[]): Promise<void>;
  /** Whether the server behind it answers now; for metrics and logs, never for readiness. */
  isHealthy(): boolean;
  /** Idempotent. A closed one counts nothing and limits nobody. */
  close(): Promise<void>;
}

/** At most `limit` attempts under the key, at least 1, in `windowMs`. Keys are short: whoever has long names digests them. */
export interface Budget {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** `retryAfterMs`: when the last window that has no room is over. */
export type Taken = { kind: 'taken' } | { kind: 'limited'; retryAfterMs: number };
