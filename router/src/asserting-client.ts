import { type AssertRouter, routerAssertions } from '@shop/shared/identity/router-assertion';
import type { SubgraphClient } from './subgraph-client.ts';

/** A client that shows subgraphs with whatever it posts that it is the router's. */
export function assertingClient(client: SubgraphClient, assertRouter: AssertRouter): SubgraphClient {
  return {
    ...client,
    async post(url, headers, body, signal) {
      const assertion = { [routerAssertions.header]: await assertRouter() };
      return client.post(url, { ...headers, ...assertion }, body, signal);
    },
  };
}
