import type { HttpListener } from '@shop/shared/graphql/http-listener';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { startSubgraphServer } from '@shop/shared/graphql/subgraph-server';
import type { Authenticate } from '@shop/shared/identity/authenticate';
import type { VerifyRouter } from '@shop/shared/identity/router-assertion';
import type { Logger } from '@shop/shared/process/log';
import { parse } from 'graphql';
import { mockResolvers } from './mock-resolvers.ts';
import type { MockIdentity } from './mock-users.ts';

export interface MockSubgraphOptions {
  sdl: string;
  host: string;
  port: number;
  authenticate: Authenticate;
  /** As `SubgraphDependencies.verifyRouter`. */
  verifyRouter: VerifyRouter | 'off';
  log: Logger;
  /** For Users. */
  identity?: Pick<MockIdentity, 'routes' | 'resolvers'> | undefined;
}

/** Serves a subgraph of which there is only the schema: with the server of the real ones, and values made up. */
export function startMockSubgraph(options: MockSubgraphOptions): Promise<HttpListener> {
  const { sdl, identity, host, port, authenticate, verifyRouter, log } = options;
  const typeDefs = parse(sdl);
  return startSubgraphServer({
    typeDefs,
    resolvers: withOwn(mockResolvers(typeDefs), identity?.resolvers ?? {}),
    authenticate,
    verifyRouter,
    createContext: (caller) => ({ caller }),
    checkReady: async () => {},
    routes: identity?.routes ?? {},
    host,
    port,
    log,
  });
}

/** Only those of fields that the schema has: who edits it may take them away. */
function withOwn(mocked: Resolvers, own: Resolvers): Resolvers {
  const fieldsOf = (resolvers: Resolvers, type: string) => (resolvers[type] ?? {}) as Record<string, unknown>;
  const types = Object.keys(mocked).map((type) => {
    const fields = fieldsOf(mocked, type);
    const better = Object.entries(fieldsOf(own, type)).filter(([field]) => field in fields);
    return [type, { ...fields, ...Object.fromEntries(better) }];
  });
  return Object.fromEntries(types);
}
