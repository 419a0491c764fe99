import { loadSchema } from '@shop/shared/graphql/load-schema';
import { startSubgraphServer } from '@shop/shared/graphql/subgraph-server';
import type { Subgraph, SubgraphDependencies } from '@shop/shared/process/subgraph';
import { whenAvailable } from '@shop/shared/process/when-available';
import { v7 } from 'uuid';
import { createTemplateContext } from './context.ts';
import { createResolvers } from './resolvers.ts';
import { createSampleStore } from './sample-store.ts';

/** Starts Template: indexes first, then the server. */
export async function createSubgraph(dependencies: SubgraphDependencies): Promise<Subgraph> {
  const { documents, authenticate, verifyRouter, log, host, port, drainMs, maxRequests } = dependencies;
  const { clock = () => new Date(), newId = v7 } = dependencies;
  const store = createSampleStore(documents);
  await whenAvailable(() => store.createIndexes(), { log });
  const listener = await startSubgraphServer({
    typeDefs: loadSchema(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers({ store, clock, newId }),
    authenticate,
    verifyRouter,
    createContext: createTemplateContext(store),
    checkReady: () => documents.ping(),
    host,
    port,
    log,
    drainMs,
    maxRequests,
  });
  return { url: listener.url, close: () => listener.close() };
}
