import { randomBytes } from 'node:crypto';
import {
  type AssertRouter,
  createRouterAssertion,
  createRouterVerifier,
  type VerifyRouter,
} from '@shop/shared/identity/router-assertion';
import { type RouterSecretKeys, routerSecretKeys } from '@shop/shared/identity/router-keys';
import { openToAll } from '@shop/shared/identity/router-trust';
import type { Logger } from '@shop/shared/process/log';

/** A secret that nobody has to configure: for a router and subgraphs that one launcher starts. */
export function newRouterSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * How the subgraphs of one launcher know its router: by a secret, a new one unless it is configured. With ALLOW_DIRECT they
 * answer anybody, and the log says so.
 */
export function ownRouter(
  config: { ALLOW_DIRECT: boolean; ROUTER_SECRET?: RouterSecretKeys | undefined },
  log: Logger,
): { assertRouter: AssertRouter; verifyRouter: VerifyRouter | 'off' } {
  const { signing, verifying } = config.ROUTER_SECRET ?? routerSecretKeys(newRouterSecret());
  return {
    assertRouter: createRouterAssertion(signing),
    verifyRouter: config.ALLOW_DIRECT ? openToAll(log) : createRouterVerifier(verifying),
  };
}
