import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { checkGraph, type GraphVerdict } from './check-graph.ts';
import { type GraphFinding, isError } from './finding.ts';
import type { GitBase } from './git-base.ts';

import { markdownReport } from './markdown-report.ts';
import type { Options } from './options.ts';
import { readOwners } from './owners.ts';
import { writePlans } from './plan-files.ts';
import { describeCheck } from './print-verdict.ts';
import { fileFindings, plansFolder, readGraphInput } from './read-input.ts';
import type { CheckedGraph } from './summary.ts';

export type WorkingTreeCheck =
  | { readonly kind: 'checked'; readonly ok: boolean; readonly output: string; readonly report: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface WorkingTreeQuestion {
  readonly base: Exclude<GitBase, { kind: 'unknown' }>;
  readonly options: Options;
  readonly today: Date;
}

/** Checks the graph of a working tree against its base and gives what there is to print; on request it writes the plans. */
export async function checkWorkingTree(
  root: string,
  { base, options, today }: WorkingTreeQuestion,
): Promise<WorkingTreeCheck> {
  const baseSupergraphSdl = base.kind === 'found' ? base.supergraphSdl : null;
  const read = tryToRead(() => {
    const input = readGraphInput(root, { baseSupergraphSdl, usage: options.usage, today });
    return { input, owners: readOwners(root, input.subgraphs) };
  });
  if (read.kind === 'unreadable') return read;
  const { input, owners } = read.value;
  const verdict = await checkGraph(options.acceptPlans ? { ...input, plans: null } : input);
  const written = options.acceptPlans ? acceptPlans(root, verdict) : [];
  const findings = [...verdict.findings, ...fileFindings(root, input, verdict.composed)];
  const checked: CheckedGraph = {
    verdict: { ...verdict, findings, ok: !findings.some(isError) },
    base: base.kind === 'found' ? base.name : null,
    noBase: base.kind === 'none' ? base.reason : null,
    owners,
    subgraphOf: new Map(input.subgraphs.subgraphs.map(({ file, name }) => [file, name])),
    operationCount: input.operations.length,
    // Since the process began: loading the libraries is most of what somebody waits for.
    seconds: performance.now() / 1_000,
  };
  const output = options.json ? jsonOf(checked) : [...written, describeCheck(checked, options)].join('\n');
  return { kind: 'checked', ok: checked.verdict.ok, output, report: markdownReport(checked) };
}

/** Writes the plans unless an operation has none: what is not valid would lose the plan that it had. */
function acceptPlans(root: string, { composed, findings, plans }: GraphVerdict): string[] {
  const isUnplanned = ({ area, severity }: GraphFinding) => area === 'operations' && severity === 'error';
  if (composed === null || findings.some(isUnplanned))
    return ['No plan was written: not every operation has one.'];
  const names = writePlans(join(root, plansFolder), plans);
  return [
    names.length === 0 ? 'Every plan was accepted already.' : `Accepted the plans of ${names.join(', ')}.`,
  ];
}

function jsonOf({ verdict, base, seconds }: CheckedGraph): string {
  const { ok, findings, changes, plans } = verdict;
  const texts = plans.map(({ operation, fetches, text }) => ({ operation: operation.name, fetches, text }));
  return JSON.stringify({ ok, base, seconds, findings, changes, plans: texts }, null, 2);
}

function tryToRead<T>(read: () => T): { kind: 'read'; value: T } | { kind: 'unreadable'; reason: string } {
  try {
    return { kind: 'read', value: read() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Where in which file a syntax error is, only its whole text says.
    return { kind: 'unreadable', reason: error instanceof GraphQLError ? error.toString() : error.message };
  }
}
