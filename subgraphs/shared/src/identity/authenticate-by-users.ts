import { type Authenticate, createAuthenticate } from './authenticate.ts';
import { type PublishedKeysOptions, publishedKeys } from './published-keys.ts';
import { createTokenVerifier } from './token-verifier.ts';

/**
 * The authentication of every part but Users: it verifies access tokens with the keys that Users publishes.
 * `usersUrl` is any URL of Users: only its origin counts.
 */
export function authenticateByUsers(options: {
  apiSecret: string;
  usersUrl: string;
  keys?: PublishedKeysOptions;
}): Authenticate {
  const verifyToken = createTokenVerifier(publishedKeys(options.usersUrl, options.keys));
  return createAuthenticate({ apiSecret: options.apiSecret, verifyToken });
}
