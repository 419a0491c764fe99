import { gql } from 'graphql-tag';
import type { HttpListener } from '../src/graphql/http-listener.ts';
import { type SubgraphServerOptions, startSubgraphServer } from '../src/graphql/subgraph-server.ts';
import { anonymous, type Caller } from '../src/identity/caller.ts';
import { silentLog } from '../src/process/log.ts';

export interface SmallContext {
  caller: Caller;
}

/** A subgraph server with `{ hello }` and an anonymous caller, or what the test puts in place of that. */
export function startSmallSubgraph(
  options: Partial<SubgraphServerOptions<SmallContext>> = {},
): Promise<HttpListener> {
  return startSubgraphServer<SmallContext>({
    typeDefs: gql('type Query { hello: String }'),
    resolvers: { Query: { hello: () => 'world' } },
    authenticate: async () => anonymous,
    verifyRouter: 'off',
    createContext: (caller) => ({ caller }),
    checkReady: async () => undefined,
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ...options,
  });
}

/** Sends a body, `{ hello }` by default, to `/graphql`. */
export function post(
  url: string,
  body: string = JSON.stringify({ query: '{ hello }' }),
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}
