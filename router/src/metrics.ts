import { Counter, Gauge, type Metric, Registry } from 'prom-client';
import type { LimitCode } from './operation-limits.ts';

/** What the router counts, for Prometheus. */
export interface RouterMetrics {
  /** The text of `/metrics`. */
  text(): Promise<string>;
  contentType: string;
  /** A look at the source of the supergraph that found another one, or that failed. */
  countUpdate(outcome: UpdateOutcome): void;
  /** What is served from now on. */
  setServed(hash: string): void;
  setRetiring(count: number): void;
  /** An operation that asked for too much. */
  countRefused(code: LimitCode): void;
}

export type UpdateOutcome = 'taken' | 'refused' | 'unreadable';

const outcomes: readonly UpdateOutcome[] = ['taken', 'refused', 'unreadable'];

/** Metrics of one router, with those given: several in a process do not mix theirs. */
export function createRouterMetrics(others: readonly Metric[] = []): RouterMetrics {
  const registry = new Registry();
  for (const metric of others) registry.registerMetric(metric);
  const registers = [registry];
  const updates = new Counter({
    name: 'shop_router_supergraph_updates_total',
    help: 'Supergraphs that were found at the source, by what became of them, and failed looks at it.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of outcomes) updates.inc({ outcome }, 0);
  const failedAt = new Gauge({
    name: 'shop_router_supergraph_last_error_timestamp_seconds',
    help: 'When an update last failed; 0 when none has.',
    registers,
  });
  const info = new Gauge({
    name: 'shop_router_supergraph_info',
    help: 'Always 1; its label is the SHA-256 of the supergraph that is served.',
    labelNames: ['hash'] as const,
    registers,
  });
  const takenAt = new Gauge({
    name: 'shop_router_supergraph_taken_timestamp_seconds',
    help: 'Since when the supergraph is served.',
    registers,
  });
  const retiring = new Gauge({
    name: 'shop_router_graphs_retiring',
    help: 'Former graphs on which operations still run.',
    registers,
  });
  return {
    countRefused: createRefusedCount(registry),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    countUpdate(outcome) {
      updates.inc({ outcome });
      if (outcome !== 'taken') failedAt.setToCurrentTime();
    },
    setServed(hash) {
      info.reset();
      info.set({ hash }, 1);
      takenAt.setToCurrentTime();
    },
    setRetiring: (count) => retiring.set(count),
  };
}

function createRefusedCount(registry: Registry): RouterMetrics['countRefused'] {
  const refused = new Counter({
    name: 'shop_router_operations_refused_total',
    help: 'Operations that asked for too much, by the code of their refusal.',
    labelNames: ['code'] as const,
    registers: [registry],
  });
  return (code) => refused.inc({ code });
}
