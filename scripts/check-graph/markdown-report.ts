import { areas, type GraphFinding, isError } from './finding.ts';
import type { GraphChange } from './graph-change.ts';
import { ownersOf } from './owners.ts';
import { type CheckedGraph, count, subgraphsOf, summaryOf } from './summary.ts';

const titles: Readonly<Record<GraphFinding['area'], string>> = {
  composition: 'The subgraphs do not compose',
  operations: 'Operations that would not work',
  changes: 'Changes that break clients',
  plans: 'Query plans',
  hints: 'Hints of the composition',
  lint: 'Lint',
  files: 'Files',
};

/** The report for a pull request, in Markdown: the verdict, what changed, whom it concerns, what has to be mended. */
export function markdownReport(checked: CheckedGraph): string {
  const { verdict } = checked;
  const errors = verdict.findings.filter(isError);
  const title =
    errors.length > 0
      ? `## ❌ The graph is refused: ${count(errors.length, 'error')}`
      : '## ✅ The graph serves every client';
  return [
    title,
    `${summaryOf(checked)}.`,
    ...changesSection(checked),
    ...affectedSection(errors),
    ...areas.flatMap((area) =>
      errorsSection(
        titles[area],
        errors.filter((error) => error.area === area),
        checked,
      ),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function changesSection(checked: CheckedGraph): string[] {
  const { changes } = checked.verdict;
  if (changes.length === 0) return [];
  const rows = [...changes]
    .sort(byLevel)
    .map((change) => [
      code(change.coordinate),
      asSaid(change.message),
      levelOf(change),
      usersOf(change),
      teamsOf(checked, change.subgraphs),
    ]);
  return ['### What changes', table(['what', 'change', 'level', 'in use by', 'owner'], rows)];
}

const levels = ['breaking', 'dangerous', 'safe'];

function byLevel(one: GraphChange, other: GraphChange): number {
  const rank = ({ level, excuse }: GraphChange) => levels.indexOf(level) + (excuse === null ? 0 : 0.5);
  return rank(one) - rank(other) || (one.coordinate < other.coordinate ? -1 : 1);
}

function levelOf({ level, excuse, seenIn }: GraphChange): string {
  const marked = level === 'breaking' && excuse === null ? '**breaking**' : level;
  return [marked, excuse, seenIn !== 'both' && `${seenIn} graph only`].filter((part) => part).join('; ');
}

function usersOf({ operations, requests }: GraphChange): string {
  const asked = requests > 0 ? [`asked for ${requests} times lately`] : [];
  return [...operations.map(code), ...asked].join(', ') || '—';
}

function teamsOf({ owners }: CheckedGraph, subgraphs: readonly string[]): string {
  return (
    subgraphs.map((name) => `${ownersOf(owners, [name]).join(', ') || 'nobody'} (${name})`).join(', ') || '—'
  );
}

function affectedSection(errors: readonly GraphFinding[]): string[] {
  const codes = new Map<string, Set<string>>();
  for (const { code: found, operations = [] } of errors) {
    for (const name of operations) codes.set(name, (codes.get(name) ?? new Set()).add(found));
  }
  if (codes.size === 0) return [];
  const rows = [...codes].sort().map(([name, found]) => [code(name), [...found].join(', ')]);
  return ['### Operations affected', table(['operation', 'because of'], rows)];
}

function errorsSection(title: string, errors: readonly GraphFinding[], checked: CheckedGraph): string[] {
  if (errors.length === 0) return [];
  const items = errors.map((error) => {
    const teams = subgraphsOf(error, checked);
    const [first = '', ...more] = error.message.split('\n');
    const rest = more.length > 0 ? `\n\n${block(more.join('\n'))}` : '';
    const at = error.locations.map((location) => `\n  - at ${code(location)}`).join('');
    const owned = teams.length > 0 ? `\n  - owned by ${teamsOf(checked, teams)}` : '';
    return `- **${error.code}** ${asSaid(first)}${rest}${at}${owned}`;
  });
  return [`### ${title}`, atMost(items).join('\n')];
}

function block(text: string): string {
  return ['```', ...text.split('\n'), '```'].map((line) => `  ${line}`).join('\n');
}

/** GitHub shows no comment that is much longer; the rest is counted. */
const maxRows = 100;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...atMost(rows.map(line))].join('\n');
}

function atMost(lines: readonly string[]): readonly string[] {
  const left = lines.length - maxRows;
  return left > 0 ? [...lines.slice(0, maxRows), `\n… and ${left} more`] : lines;
}

/** A cell of a table is one line, and a bar would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** What a schema says is shown as it is: GitHub would take `<` for HTML, and call whoever is named after an `@`. */
function asSaid(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('@', '&#64;');
}
