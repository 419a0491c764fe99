import { createHash } from 'node:crypto';
import type { ApolloServer, HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { Logger } from '@shop/shared/process/log';
import type { Variant } from './client-operations.ts';
import { type Access, startGraphServer } from './graph-server.ts';
import { toPublicVariant } from './public-variant.ts';
import type { SubgraphPool } from './subgraph-pool.ts';
import type { RouterContext, SubgraphSource } from './subgraph-source.ts';

/** One supergraph, ready to run operations on. It never changes. */
export interface ServedGraph {
  /** The SHA-256 of its text in hex. */
  readonly hash: string;
  readonly supergraphSdl: string;
  /** The supergraph of each variant. */
  readonly variants: Readonly<Record<Variant, string>>;
  /** The subgraphs that it asks, by name. */
  readonly subgraphs: ReadonlyMap<string, SubgraphSource>;
  execute(
    variant: Variant,
    request: HTTPGraphQLRequest,
    context: () => Promise<RouterContext>,
  ): Promise<HTTPGraphQLResponse>;
  /** No operation will begin on it any more: resolves when those that run are over and all is given back. */
  retire(): Promise<void>;
  /** Gives all back now. */
  close(): Promise<void>;
}

export interface ServedGraphOptions {
  supergraphSdl: string;
  pool: SubgraphPool;
  access: Record<Variant, Access>;
  log: Logger;
}

/**
 * Makes a supergraph ready: the whole of it is the internal variant, what is left without `@tag(name: "internal")` the
 * public one. Asks no subgraph.
 *
 * @throws an error that says why the text is no valid supergraph
 */
export async function openGraph(options: ServedGraphOptions): Promise<ServedGraph> {
  const { supergraphSdl, pool, access, log } = options;
  const lease = pool.lease();
  const { sourceOf } = lease;
  const servers: ApolloServer<RouterContext>[] = [];
  const start = async (variant: Variant, variants: ServedGraph['variants']) => {
    const options = { supergraphSdl: variants[variant], sourceOf, access: access[variant], log };
    const server = await startGraphServer(options);
    servers.push(server);
    return server;
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= Promise.all(servers.map((server) => server.stop())).then(lease.end);
    return closing;
  };
  try {
    const variants = { public: toPublicVariant(supergraphSdl), internal: supergraphSdl };
    const publicServer = await start('public', variants);
    const byVariant = { public: publicServer, internal: await start('internal', variants) };
    const running = createRunningCount();
    return {
      hash: hashOf(supergraphSdl),
      supergraphSdl,
      variants,
      subgraphs: lease.taken(),
      async execute(variant, httpGraphQLRequest, context) {
        running.begin();
        try {
          return await byVariant[variant].executeHTTPGraphQLRequest({ httpGraphQLRequest, context });
        } finally {
          running.end();
        }
      },
      retire: () => running.none().then(close),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export function hashOf(supergraphSdl: string): string {
  return createHash('sha256').update(supergraphSdl).digest('hex');
}

function createRunningCount() {
  let count = 0;
  let onNone: (() => void) | undefined;
  return {
    begin() {
      count += 1;
    },
    end() {
      count -= 1;
      if (count === 0) onNone?.();
    },
    /** Resolves when nothing runs. */
    none: () =>
      new Promise<void>((resolve) => {
        if (count === 0) resolve();
        else onNone = resolve;
      }),
  };
}
