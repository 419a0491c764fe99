import { parseArgs } from 'node:util';
import { retiredVersions } from '@shop/contracts/events/retired.ts';
import { findGitBase, type GitBase } from '../git-base.ts';
import { checkEventContracts } from './check-event-contracts.ts';
import { asyncApiFile, readEventFolder, readEventFolderAt, versionsIn } from './event-folder.ts';
import { recordsKeptForMs } from './retirement.ts';

/** What the command has to say, and its exit code: 0 in order, 1 findings, 2 it could not look. */
export interface Verdict {
  exitCode: 0 | 1 | 2;
  lines: string[];
}

export interface EventsCommand {
  args: string[];
  today: Date;
  /** The branch that a pull request is for, where one is checked (GITHUB_BASE_REF). */
  pullRequestFor?: string | undefined;
}

/** Checks the contracts below `root` as they lie there, by themselves and beside the base that the arguments name. */
export async function checkEvents(root: string, command: EventsCommand): Promise<Verdict> {
  const { args, today, pullRequestFor } = command;
  const requested = readArguments(args);
  if (typeof requested === 'string') return { exitCode: 2, lines: [requested, usage] };
  const base = findGitBase(root, requested.base, pullRequestFor);
  if (base.kind === 'none' && !base.isFine) return { exitCode: 2, lines: [base.reason] };
  const outdated = await staleness(root);
  const { [asyncApiFile]: document, ...ours } = readEventFolder(root);
  // What was edited by hand says nothing about our topics; that it was is a finding already.
  const files =
    outdated.length === 0 && document !== undefined ? { ...ours, [asyncApiFile]: document } : ours;
  const findings = checkEventContracts({
    files,
    base: base.kind === 'none' ? null : readEventFolderAt(root, base.revision),
    retired: retiredVersions,
    keptForMs: recordsKeptForMs,
    today,
  });
  const problems = [
    ...findings.map(({ code, file, message }) => `✗ ${code} contracts/events/${file}: ${message}`),
    ...outdated,
  ];
  const summary = `contracts/events: ${versionsIn(files).size} schemas, compared with ${nameOf(base)}`;
  return { exitCode: problems.length === 0 ? 0 : 1, lines: [summary, ...problems] };
}

const usage = 'usage: scripts/check-events.ts [--base REVISION]';

function readArguments(args: string[]): { base?: string } | string {
  try {
    return parseArgs({ args, options: { base: { type: 'string' } } }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nameOf(base: GitBase): string {
  return base.kind === 'none' ? `nothing: ${base.reason}` : `${base.revision.slice(0, 12)} (${base.from})`;
}

/** The generators import every schema, so they are loaded only here: what is missing is told by its name as well. */
async function staleness(root: string): Promise<string[]> {
  try {
    const { staleFiles } = await import('../generate/generated-files.ts');
    const stale = await staleFiles(root);
    return stale.map((path) => `✗ GENERATED_STALE ${path}: run npm run generate`);
  } catch (error) {
    return [`✗ GENERATION_FAILED contracts/events: ${error instanceof Error ? error.message : error}`];
  }
}
