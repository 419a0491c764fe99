import type { Logger } from '@shop/shared/process/log';
import { type FirstGraph, type GraphKeeper, reasonOf } from './graph-keeper.ts';
import type { LastGood } from './last-good.ts';
import type { ServedGraph } from './served-graph.ts';
import type { SupergraphSource } from './supergraph-source.ts';

/**
 * Opens what the source has; if that cannot be had or is no good, what was served last. No subgraph needs to be up.
 *
 * @throws Error with both reasons when there is neither
 */
export async function openFirstGraph(options: {
  source: SupergraphSource;
  lastGood: LastGood | null;
  /** Rejects for a supergraph that must not be served. */
  open: (supergraphSdl: string) => Promise<ServedGraph>;
  log: Logger;
}): Promise<FirstGraph> {
  const { source, lastGood, open, log } = options;
  try {
    return { graph: await open((await source.read()) ?? ''), error: null };
  } catch (error) {
    const reason = reasonOf(error);
    const kept = (await lastGood?.read()) ?? null;
    if (kept === null) throw new Error(`There is no supergraph to serve: ${source.name}: ${reason}`);
    const graph = await open(kept);
    log.error({ reason, source: source.name, servedHash: graph.hash }, 'the last good supergraph is served');
    return { graph, error: reason };
  }
}

/** Offers the keeper whatever the source comes to have, one after the other, until stopped. */
export function followSupergraph(source: SupergraphSource, keeper: GraphKeeper): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const follow = async () => {
    let again: string | null = null;
    for (;;) {
      await source.untilChange(signal);
      if (signal.aborted) return;
      try {
        // What was refused for a subgraph that was away may pass now.
        again = (await source.read()) ?? again;
        keeper.noteSource(null);
      } catch (error) {
        if (signal.aborted) return;
        keeper.noteSource(error);
        continue;
      }
      if (again === null) continue;
      const offer = await keeper.offer(again);
      if (offer.kind !== 'refused' || !offer.mayPassLater) again = null;
    }
  };
  const following = follow();
  return {
    async stop() {
      stopping.abort();
      await source.close();
      await following;
    },
  };
}
