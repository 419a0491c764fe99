import { createHash } from 'node:crypto';

/**
 * Texts by the SHA-256 of their UTF-8, in hex, such as persisted queries. Since a text decides its own key, no copy is
 * ever stale and nothing needs to be invalidated; whoever misses one brings it again. No method ever rejects or takes
 * long: a server that is away holds no texts.
 */
export interface TextCache {
  /** The text of this hash; null if it is not known here, or cannot be had now. */
  find(sha256: string): Promise<string | null>;
  /**
   * Keeps the text, for `ttlMs` from now at least unless too many newer ones come. Answers whether it did: a text that
   * is too long is not kept.
   */
  keep(text: string): Promise<boolean>;
  /** Whether the server behind it answers now; for metrics and logs, never for readiness. */
  isHealthy(): boolean;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface TextCacheLimits {
  /** How long a text is kept that nobody asks for. */
  readonly ttlMs: number;
  readonly maxTexts: number;
  /** In UTF-16 units. */
  readonly maxLength: number;
}

/** The key of a text. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether this can be the key of a text: a client may have sent anything. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
