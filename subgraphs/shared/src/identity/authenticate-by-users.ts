import { type Authenticate, createAuthenticate } from './authenticate.ts';
import { createTokenVerifier, publishedKeys } from './token-verifier.ts';

/**
 * The authentication of every part but Users: it verifies access tokens with the keys that Users publishes.
 * `usersUrl` is any URL of Users: only its origin counts.
 */
export function authenticateByUsers(options: { apiSecret: string; usersUrl: string }): Authenticate {
  const verifyToken = createTokenVerifier(publishedKeys(options.usersUrl));
  return createAuthenticate({ apiSecret: options.apiSecret, verifyToken });
}
