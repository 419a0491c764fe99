import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { composeServices } from '@apollo/composition';
import { createSubgraphSchema, type Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { type GraphQLSchema, graphql, parse } from 'graphql';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@tag"])`;

const definitions: Record<string, string> = {
  products: `${link}
    enum Size { SMALL LARGE }
    type Product @key(fields: "_id") { _id: ID! name: String! size: Size pieces: Int }
    type Query { products: [Product] product(id: ID! = "1"): Product failing(code: String): Product }
    type Mutation { rename(name: String!): Product }`,
  images: `${link}
    type Product @key(fields: "_id") { _id: ID! images: [Image!] }
    type Image { url: String! }
    type Query { images: [Image] }`,
};

export interface Subgraph {
  url: string;
  /** What it received, oldest first. */
  received: { headers: IncomingHttpHeaders; query: string }[];
  /** Answers instead of GraphQL when set. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => void | Promise<void>) | null;
  /** What its /readyz answers with, null for nothing at all; 200 at first. */
  readiness: number | null;
  /** How often its /readyz was asked. */
  checks: number;
  close(): Promise<void>;
}

/** A real subgraph schema, and `more`, behind a plain HTTP server, whose answers a test can replace. */
export async function startSubgraph(
  name: string,
  resolvers: Resolvers,
  port = 0,
  more = '',
): Promise<Subgraph> {
  const schema = createSubgraphSchema(parse(`${definitions[name] ?? ''}\n${more}`), resolvers);
  const server = createServer(async (request, response) => {
    if (request.url === '/readyz') return answerReadiness(subgraph, response);
    const { query, variables } = JSON.parse(await text(request));
    subgraph.received.push({ headers: request.headers, query });
    if (subgraph.intercept) await subgraph.intercept(request, response);
    if (!response.writableEnded && !response.destroyed) await answer(schema, query, variables, response);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const subgraph: Subgraph = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received: [],
    intercept: null,
    readiness: 200,
    checks: 0,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return subgraph;
}

function answerReadiness(subgraph: Subgraph, response: ServerResponse): void {
  subgraph.checks += 1;
  if (subgraph.readiness !== null) response.writeHead(subgraph.readiness).end('{}');
}

async function answer(
  schema: GraphQLSchema,
  source: string,
  variableValues: Record<string, unknown>,
  response: ServerResponse,
): Promise<void> {
  const result = await graphql({ schema, source, variableValues });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(result));
}

/** The supergraph of the two, with the URLs given; `more` is added to the schema of a subgraph. */
export function composeSmallShop(urls: Record<string, string>, more: Record<string, string> = {}): string {
  const services = Object.entries(definitions).map(([name, typeDefs]) => ({
    name,
    url: urls[name] ?? '',
    typeDefs: parse(`${typeDefs}\n${more[name] ?? ''}`),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
