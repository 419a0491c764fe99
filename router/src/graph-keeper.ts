import type { Logger } from '@shop/shared/process/log';
import type { LastGood } from './last-good.ts';
import type { RouterMetrics } from './metrics.ts';
import { askAll, SupergraphRefusal } from './rehearsal.ts';
import { hashOf, type ServedGraph } from './served-graph.ts';

/** What `/readyz` says of the supergraph. */
export interface SupergraphStatus {
  /** The SHA-256 of the text that is served. */
  hash: string;
  /** Since when, and for how long already. */
  takenAt: string;
  ageSeconds: number;
  /** Why what the source has is not served, or cannot be had; null when it is served. */
  lastError: { at: string; reason: string; hash?: string } | null;
}

export type Offer = { kind: 'taken' } | { kind: 'same' } | { kind: 'refused'; mayPassLater: boolean };

/** Keeps the graph that is served, and puts another in its place if that is as good. */
export interface GraphKeeper {
  current(): ServedGraph;
  status(): SupergraphStatus;
  /** Offers run one after the other. Never rejects. */
  offer(supergraphSdl: string): Promise<Offer>;
  /** The source could be read, or could not be, and why. */
  noteSource(error: unknown): void;
  /** Closes the current graph and those that retire. */
  close(): Promise<void>;
}

/** The graph to begin with, and why it is not what the source has, if it is not. */
export interface FirstGraph {
  graph: ServedGraph;
  error: string | null;
}

export interface GraphKeeperOptions {
  first: FirstGraph;
  /** Rejects for a supergraph that must not be served, whether its subgraphs are up or not. */
  open: (supergraphSdl: string) => Promise<ServedGraph>;
  lastGood: LastGood | null;
  metrics: RouterMetrics;
  log: Logger;
}

/** Operations may run for 30 s on a former graph; when more follow one another, the next update waits. */
const maxRetiring = 3;

type Failure = { at: string; reason: string; hash?: string };

export async function createGraphKeeper(options: GraphKeeperOptions): Promise<GraphKeeper> {
  const { first, open, metrics, log } = options;
  let current = first.graph;
  let takenAt = new Date();
  let refusal = first.error === null ? null : failure(first.error);
  let unreadable: Failure | null = null;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();
  const retiring = new Map<ServedGraph, Promise<void>>();

  /** A disk that is full must not keep a good graph from being served. */
  async function keep(graph: ServedGraph): Promise<void> {
    await options.lastGood?.write(graph.supergraphSdl).catch((error: unknown) => {
      log.error({ err: error }, 'the supergraph could not be kept for a restart without its source');
    });
  }

  function retire(graph: ServedGraph): void {
    const over = graph
      .retire()
      .catch((error: unknown) => log.error({ err: error }, 'a former graph could not be closed'))
      .finally(() => {
        retiring.delete(graph);
        metrics.setRetiring(retiring.size);
      });
    retiring.set(graph, over);
    metrics.setRetiring(retiring.size);
  }

  async function prove(supergraphSdl: string): Promise<ServedGraph> {
    const next = await open(supergraphSdl);
    try {
      await askAll(next.subgraphs);
      return next;
    } catch (error) {
      await next.close();
      throw error;
    }
  }

  async function take(supergraphSdl: string): Promise<Offer> {
    const hash = hashOf(supergraphSdl);
    if (isClosed) return { kind: 'refused', mayPassLater: false };
    if (hash === current.hash) {
      refusal = null;
      return { kind: 'same' };
    }
    if (retiring.size >= maxRetiring) await Promise.race(retiring.values());
    try {
      const next = await prove(supergraphSdl);
      if (isClosed) {
        await next.close();
        return { kind: 'refused', mayPassLater: false };
      }
      await keep(next);
      const former = current;
      current = next;
      takenAt = new Date();
      refusal = null;
      retire(former);
      metrics.countUpdate('taken');
      metrics.setServed(hash);
      log.info({ hash, formerHash: former.hash }, 'another supergraph is served');
      return { kind: 'taken' };
    } catch (error) {
      const reason = reasonOf(error);
      refusal = failure(reason, hash);
      metrics.countUpdate('refused');
      log.error(
        { hash, reason, servedHash: current.hash },
        'a supergraph was refused; the last good one stays',
      );
      return { kind: 'refused', mayPassLater: error instanceof SupergraphRefusal && error.mayPassLater };
    }
  }

  metrics.setServed(current.hash);
  if (first.error === null) await keep(current);
  return {
    current: () => current,
    status: () => ({
      hash: current.hash,
      takenAt: takenAt.toISOString(),
      ageSeconds: Math.floor((Date.now() - takenAt.getTime()) / 1_000),
      lastError: unreadable ?? refusal,
    }),
    offer(supergraphSdl) {
      const offered = turn.then(() => take(supergraphSdl));
      turn = offered;
      return offered;
    },
    noteSource(error) {
      if (error === null) {
        if (unreadable) log.info('the source of the supergraph can be read again');
        unreadable = null;
        return;
      }
      const reason = reasonOf(error);
      metrics.countUpdate('unreadable');
      if (unreadable?.reason !== reason) log.error({ reason }, 'the source of the supergraph cannot be read');
      unreadable = failure(reason);
    },
    async close() {
      // An offer that is being proved finds out.
      isClosed = true;
      await Promise.all([current.close(), ...[...retiring.keys()].map((graph) => graph.close())]);
    },
  };
}

function failure(reason: string, hash?: string): Failure {
  return { at: new Date().toISOString(), reason, ...(hash !== undefined && { hash }) };
}

/** An error of Apollo's names everything that is wrong with a supergraph: its beginning is enough here. */
const maxReasonLength = 1_000;

export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, maxReasonLength);
}
