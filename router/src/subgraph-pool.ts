import type { Logger } from '@shop/shared/process/log';
import type { SubgraphUrls } from './config.ts';
import type { HealthChecks } from './health-checks.ts';
import type { SubgraphClient } from './subgraph-client.ts';
import { createSubgraphSource, type SubgraphSource } from './subgraph-source.ts';

export interface SubgraphPoolOptions {
  /** Where a subgraph is whatever the supergraph says. */
  subgraphUrls: SubgraphUrls;
  client: SubgraphClient;
  healthChecks: HealthChecks;
  deadlineMs: number;
  log: Logger;
}

/** What one graph asks of subgraphs. */
export interface SubgraphLease {
  sourceOf(name: string, url: string): SubgraphSource;
  /** The sources that were taken, by the subgraph's name. */
  taken(): ReadonlyMap<string, SubgraphSource>;
  /** Nothing of this graph asks a subgraph any more. */
  end(): void;
}

/** The subgraphs that the graphs of this process ask: those of the same address are one, whichever graph asks. */
export interface SubgraphPool {
  lease(): SubgraphLease;
}

interface Shared {
  source: SubgraphSource;
  leases: number;
}

/**
 * So a graph that takes another's place knows at once which processes of a subgraph are well, and each is checked once.
 */
export function createSubgraphPool(options: SubgraphPoolOptions): SubgraphPool {
  const { subgraphUrls, client, healthChecks, deadlineMs, log } = options;
  const shared = new Map<string, Shared>();

  function open(name: string, url: string): Shared {
    const urls = subgraphUrls[name] ?? [url];
    return { source: createSubgraphSource({ name, urls, client, healthChecks, deadlineMs, log }), leases: 0 };
  }

  return {
    lease() {
      const keys = new Set<string>();
      const taken = new Map<string, SubgraphSource>();
      return {
        sourceOf(name, url) {
          const key = JSON.stringify([name, url]);
          const one = shared.get(key) ?? open(name, url);
          shared.set(key, one);
          if (!keys.has(key)) one.leases += 1;
          keys.add(key);
          taken.set(name, one.source);
          return one.source;
        },
        taken: () => taken,
        end() {
          for (const key of keys) {
            const one = shared.get(key);
            if (!one || --one.leases > 0) continue;
            one.source.stopWatching();
            shared.delete(key);
          }
          keys.clear();
        },
      };
    },
  };
}
