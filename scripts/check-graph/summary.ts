import type { GraphVerdict } from './check-graph.ts';
import { type GraphFinding, isError } from './finding.ts';
import type { Owners } from './owners.ts';

/** Everything that there is to tell about one check. */
export interface CheckedGraph {
  readonly verdict: GraphVerdict;
  /** What it was compared with, such as `main (4f2e61d0c)`; null when there was nothing. */
  readonly base: string | null;
  /** Why there was nothing to compare with. */
  readonly noBase: string | null;
  readonly owners: Owners;
  /** The names of the subgraphs by their schema file. */
  readonly subgraphOf: ReadonlyMap<string, string>;
  readonly operationCount: number;
  readonly seconds: number;
}

/** Counts in one line: what was found, compared with what, in what time. */
export function summaryOf(checked: CheckedGraph): string {
  const errors = checked.verdict.findings.filter(isError).length;
  const operations = count(checked.operationCount, 'operation');
  return `${count(errors, 'error')}; ${operations}; ${comparisonOf(checked)}; in ${checked.seconds.toFixed(1)} s`;
}

function comparisonOf({ verdict, base, noBase }: CheckedGraph): string {
  const { changes, composed } = verdict;
  if (composed === null) return 'nothing was compared';
  if (base === null) return `nothing to compare with: ${noBase}`;
  const counts = ['breaking', 'dangerous', 'safe']
    .map((level) => [changes.filter((change) => change.level === level).length, level] as const)
    .filter(([amount]) => amount > 0)
    .map(([amount, level]) => `${amount} ${level}`);
  const levels = counts.length > 0 ? ` (${counts.join(', ')})` : '';
  return `${count(changes.length, 'change')}${levels} since ${base}`;
}

/** `1 error`, `2 errors`. */
export function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

/** The subgraphs that a finding is about: those that define what changed, else those whose files it names. */
export function subgraphsOf(finding: GraphFinding, { verdict, subgraphOf }: CheckedGraph): readonly string[] {
  const change = verdict.changes.find(
    ({ code, coordinate }) => code === finding.code && coordinate === finding.coordinate,
  );
  if (change && change.subgraphs.length > 0) return change.subgraphs;
  const files = finding.locations.map((location) => location.replace(/:\d+:\d+$/, ''));
  return [...new Set(files.flatMap((file) => subgraphOf.get(file) ?? []))];
}
