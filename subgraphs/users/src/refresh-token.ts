import { createHash, createHmac, randomBytes } from 'node:crypto';
import { deriveKey } from './keys-cipher.ts';

/** What a refresh token says: which session it is of, and the secret that is new with every use. Both are hashed. */
export interface RefreshToken {
  sessionId: string;
  secretHash: string;
}

const sessionBytes = 16;
const secretBytes = 32;
// base64url of 16 and of 32 bytes.
const shape = /^([\w-]{22})\.([\w-]{43})$/;

/** A fresh token of a new session. */
export function newRefreshToken(): string {
  return `${randomBytes(sessionBytes).toString('base64url')}.${randomBytes(secretBytes).toString('base64url')}`;
}

/**
 * What is stored and looked for of a token; null if it cannot be one of ours. SHA-256 is enough for what is random. The
 * session's part is hashed as well: so whoever names a session has seen a token of it, not the database.
 */
export function readRefreshToken(token: string): RefreshToken | null {
  const [, session, secret] = shape.exec(token) ?? [];
  return session && secret ? { sessionId: hash(session), secretHash: hash(secret) } : null;
}

/**
 * The token that takes the place of this one. It follows from it and from a secret of ours (HMAC-SHA-256), so that a
 * client whose answer was lost gets the same one again without its being stored; nobody else can tell it.
 */
export function successorOf(token: string, keysSecret: string): string {
  const secret = createHmac('sha256', deriveKey(keysSecret, 'refresh tokens'))
    .update(token)
    .digest('base64url');
  return `${token.slice(0, token.indexOf('.'))}.${secret}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
