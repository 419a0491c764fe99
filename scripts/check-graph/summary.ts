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
export function summaryOf({ verdict, base, noBase, operationCount, seconds }: CheckedGraph): string {
  const { changes, findings } = verdict;
  const of = (level: string) => changes.filter((change) => change.level === level).length;
  const levels = ['breaking', 'dangerous', 'safe'].filter((level) => of(level) > 0);
  const detail = levels.length > 0 ? ` (${levels.map((level) => `${of(level)} ${level}`).join(', ')})` : '';
  const since =
    base === null
      ? `nothing to compare with: ${noBase}`
      : `${count(changes.length, 'change')}${detail} since ${base}`;
  const errors = findings.filter(isError).length;
  return `${count(errors, 'error')}; ${count(operationCount, 'operation')}; ${since}; in ${seconds.toFixed(1)} s`;
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
