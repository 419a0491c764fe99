import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret to show once, of 256 random bits. */
export function newClientSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored of a secret. A slow hash is for passwords, which can be guessed; nobody guesses 256 random bits, so
 * SHA-256 is enough, and tokens cost no argon2.
 */
export function hashClientSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Whether the secret is one of those; how long it takes says neither which, nor how much of it is right. */
export function isClientSecret(secret: string, hashes: readonly string[]): boolean {
  const given = Buffer.from(hashClientSecret(secret));
  return hashes.map((hash) => timingSafeEqual(given, Buffer.from(hash))).includes(true);
}
