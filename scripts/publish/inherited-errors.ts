import type { Finding } from '../check-graph/finding.ts';

/** What a publish needs to know of the check. */
export interface Verdict {
  /** Whether no finding is an error. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** What the subgraphs compose to; null when they do not. */
  readonly composed: { readonly supergraphSdl: string } | null;
}

/**
 * A verdict in which errors that the served graph has just the same are notes: a rule that came later, or a graph that was
 * forced, must not stop every other team. What does not compose stays refused.
 */
export function withoutInherited(verdict: Verdict, served: Verdict): Verdict {
  if (verdict.composed === null) return verdict;
  const inherited = new Set(served.findings.map(keyOf));
  const findings = verdict.findings.map((finding): Finding => {
    if (finding.severity !== 'error' || !inherited.has(keyOf(finding))) return finding;
    return { ...finding, severity: 'note', message: `${finding.message} (so it is in what is served)` };
  });
  return { ...verdict, findings, ok: findings.every(({ severity }) => severity !== 'error') };
}

/** Without the locations: a change above it moves an error. */
const keyOf = ({ code, severity, coordinate, message }: Finding) =>
  JSON.stringify([code, severity, coordinate, message]);
