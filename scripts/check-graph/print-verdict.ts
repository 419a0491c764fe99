import type { OperationPlan } from '@shop/router/plan-operations';
import { type GraphFinding, isError } from './finding.ts';
import { ownersOf } from './owners.ts';
import { type CheckedGraph, subgraphsOf, summaryOf } from './summary.ts';

/** A list longer than this is cut: the report in Markdown has the rest. */
const maxNotes = 40;

/**
 * What the check prints: the query plan of each operation; each error with all that is known of it, each note in a line,
 * and the counts. What matters most comes last, where a terminal shows it.
 */
export function describeCheck(checked: CheckedGraph, { quiet }: { quiet: boolean }): string {
  const { findings, plans } = checked.verdict;
  const errors = findings.filter(isError);
  const notes = quiet ? [] : findings.filter((finding) => !isError(finding));
  const left = notes.length - maxNotes;
  return [
    ...(quiet ? [] : plans.map(describePlan)),
    ...errors.map((error) => `${describeError(error, checked)}\n`),
    ...notes.slice(0, maxNotes).map(({ code, message }) => `· ${code}: ${message}`),
    ...(left > 0 ? [`· and ${left} more: \`--report FILE\` has them all`] : []),
    `${errors.length > 0 ? '✗' : '✓'} ${summaryOf(checked)}`,
  ].join('\n');
}

function describePlan({ operation, text, fetches }: OperationPlan): string {
  return `${operation.name}: ${fetches} ${fetches === 1 ? 'fetch' : 'fetches'}\n${indent(text)}\n`;
}

function describeError(finding: GraphFinding, checked: CheckedGraph): string {
  const { code, coordinate, message, locations, operations = [] } = finding;
  const owners = ownersOf(checked.owners, subgraphsOf(finding, checked));
  return [
    `✗ ${code}${coordinate ? ` ${coordinate}` : ''}`,
    indent(message),
    ...locations.map((location) => `  at ${location}`),
    ...(operations.length > 0 ? [`  used by ${operations.join(', ')}`] : []),
    ...(owners.length > 0 ? [`  owned by ${owners.join(', ')}`] : []),
  ].join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
