import { createRouterAssertion, routerAssertions } from '@shop/shared/identity/router-assertion';
import { routerSecretKeys } from '@shop/shared/identity/router-keys';

/** The headers of a request now: what tests and benches send to a subgraph to be taken for its router. */
export type AsRouter = () => Promise<Record<string, string>>;

/** For subgraphs that know their router by this secret. */
export function asRouterWith(secret: string): AsRouter {
  const assertRouter = createRouterAssertion(routerSecretKeys(secret).signing);
  return async () => ({ [routerAssertions.header]: await assertRouter() });
}
