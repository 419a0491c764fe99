import { diff } from 'node:util';
import type { OperationPlan } from '@shop/router/plan-operations';
import type { Finding } from './finding.ts';
import { fetchesIn, planText } from './plan-files.ts';

/** Unchanged lines that a diff shows around what changed. */
const contextLines = 2;

/**
 * Compares the plans of client operations with the committed ones, by the operation's name. Every difference is an
 * error, since a plan is accepted only by being committed: ADDED_FETCH when it takes more requests of subgraphs than
 * before, PLAN_CHANGED when it differs and takes no more, MISSING_PLAN, and UNKNOWN_PLAN for one of no operation.
 * `unplanned` names operations that cannot be planned: what is wrong with them is said elsewhere.
 */
export function comparePlans(
  planned: readonly OperationPlan[],
  committed: Readonly<Record<string, string>>,
  unplanned: readonly string[] = [],
): readonly Finding[] {
  const names = new Set([...planned.map(({ operation }) => operation.name), ...unplanned]);
  const unknown = Object.keys(committed).filter((name) => !names.has(name));
  return [
    ...planned.flatMap((plan) => compareOne(plan, committed[plan.operation.name])),
    ...unknown.map(
      (name): Finding => ({
        code: 'UNKNOWN_PLAN',
        severity: 'error',
        message: `No client operation is named ${name}; \`npm run check:graph -- --accept-plans\` removes its plan.`,
        locations: [`contracts/operations/plans/${name}.txt:1:1`],
      }),
    ),
  ];
}

function compareOne(plan: OperationPlan, committed: string | undefined): readonly Finding[] {
  const { name, at } = plan.operation;
  const text = planText(plan);
  if (text === committed) return [];
  const finding = (code: string, message: string): Finding[] => [
    {
      code,
      severity: 'error',
      message,
      locations: [`contracts/operations/${at}:1`],
      operations: [name],
    },
  ];
  if (committed === undefined) {
    const advice = '`npm run check:graph -- --accept-plans` writes it';
    return finding('MISSING_PLAN', `The plan of ${name} is not committed; ${advice}:\n${text.trimEnd()}`);
  }
  const changes = shortDiff(committed, text);
  const before = fetchesIn(committed);
  return plan.fetches > before
    ? finding('ADDED_FETCH', `${name} would take ${plan.fetches} fetches instead of ${before}:\n${changes}`)
    : finding('PLAN_CHANGED', `The plan of ${name} differs from the committed one:\n${changes}`);
}

/** The lines that differ with a little of what is around them, marked as in a unified diff. */
function shortDiff(before: string, after: string): string {
  const marks = { '-1': '+', '0': ' ', '1': '-' } as const;
  const lines = diff(before.trimEnd().split('\n'), after.trimEnd().split('\n'));
  const isShown = (index: number) =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(([kind]) => kind !== 0);
  return lines
    .map(([kind, line], index) => (isShown(index) ? `${marks[`${kind}`]} ${line}` : '…'))
    .filter((line, index, all) => line !== '…' || all[index - 1] !== '…')
    .join('\n');
}
