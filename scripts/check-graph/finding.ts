/** Something that the check of the graph has to say. */
export interface Finding {
  /** What kind it is, such as FIELD_REMOVED or SATISFIABILITY_ERROR: stable, so that a test or a script can name it. */
  readonly code: string;
  /** An error fails the check; a note is for whoever reads the report. */
  readonly severity: 'error' | 'note';
  readonly message: string;
  /** `<file>:<line>:<column>` of everything involved, where that is known. */
  readonly locations: readonly string[];
  /** The part of the schema it is about, such as `Order.total` or `Order.items(first:)`. */
  readonly coordinate?: string;
  /** Names of the client operations that it affects. */
  readonly operations?: readonly string[];
}

/** What a finding comes of, in the order in which a reader wants to know. */
export const areas = ['composition', 'operations', 'changes', 'plans', 'hints', 'lint', 'files'] as const;

/** A finding with the part of the check that it comes of. */
export interface GraphFinding extends Finding {
  readonly area: (typeof areas)[number];
}

/** Says what part of the check these findings come of. */
export function findingsOf(area: GraphFinding['area'], findings: readonly Finding[]): GraphFinding[] {
  return findings.map((finding) => ({ ...finding, area }));
}

/** Whether it fails the check. */
export function isError({ severity }: Finding): boolean {
  return severity === 'error';
}
