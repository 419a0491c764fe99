import { type Authenticate, createAuthenticate } from '@shop/shared/identity/authenticate';
import { publishedKeys } from '@shop/shared/identity/published-keys';
import { createTokenVerifier } from '@shop/shared/identity/token-verifier';
import type { SubgraphSource } from './subgraph-source.ts';

/** Of the URL only the path matters: which process of Users is asked, and where it is, the graph says. */
const anyUsers = 'http://users';

/**
 * The router's own authentication, for what it decides before any subgraph is asked. It verifies access tokens with the
 * keys that Users publishes, and asks Users for them as for everything else.
 */
export function authenticateByRelay(options: {
  apiSecret: string;
  users: () => Pick<SubgraphSource, 'relay'> | undefined;
}): Authenticate {
  const keys = publishedKeys(anyUsers, {
    async fetch(url) {
      const answer = await options.users()?.relay({ path: new URL(url).pathname, headers: {}, body: null });
      if (answer?.kind !== 'answered') throw new Error(`Users: ${answer?.kind ?? 'not in the graph'}`);
      return new Response(answer.body, { status: answer.status });
    },
  });
  return createAuthenticate({ apiSecret: options.apiSecret, verifyToken: createTokenVerifier(keys) });
}
