import { loadSchema } from '@shop/shared/graphql/load-schema';
import { startSubgraphServer } from '@shop/shared/graphql/subgraph-server';
import type { Subgraph, SubgraphDependencies } from '@shop/shared/process/subgraph';
import { whenAvailable } from '@shop/shared/process/when-available';
import { v7 } from 'uuid';
import { createImagesContext } from './context.ts';
import { createImageStore } from './image-store.ts';
import { createResolvers } from './resolvers.ts';

/** Starts Images: indexes first, then the server. */
export async function createSubgraph(dependencies: SubgraphDependencies): Promise<Subgraph> {
  const { documents, authenticate, verifyRouter, log, host, port, drainMs, maxRequests } = dependencies;
  const { newId = v7 } = dependencies;
  const store = createImageStore(documents);
  await whenAvailable(() => store.createIndexes(), { log });
  const listener = await startSubgraphServer({
    typeDefs: loadSchema(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers({ store, newId }),
    authenticate,
    verifyRouter,
    createContext: createImagesContext(store),
    checkReady: () => documents.ping(),
    host,
    port,
    log,
    drainMs,
    maxRequests,
  });
  return { url: listener.url, close: () => listener.close() };
}
