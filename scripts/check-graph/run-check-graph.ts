import { appendFileSync, writeFileSync } from 'node:fs';
import { readGitBase } from './git-base.ts';
import { readOptions, usageText } from './options.ts';

export interface CheckGraphProcess {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly today: Date;
}

/**
 * `npm run check:graph` in the working tree at `root`: gives the exit code, 0 when all is well, 1 when an error was
 * found, 2 when it could not look.
 */
export async function runCheckGraph(root: string, command: CheckGraphProcess): Promise<0 | 1 | 2> {
  const options = readOptions(command.args);
  const refuse = (reason: string) => {
    command.printError(reason);
    return 2 as const;
  };
  if ('invalid' in options) return refuse(`${options.invalid}\n\n${usageText}`);
  if (options.help) {
    command.print(usageText);
    return 0;
  }
  const which = { revision: options.base, pullRequestFor: command.env.GITHUB_BASE_REF || undefined };
  // Git looks while the libraries are loaded.
  const [base, work] = await Promise.all([readGitBase(root, which), import('./check-working-tree.ts')]);
  if (base.kind === 'unknown') return refuse(`Nothing was checked: ${base.reason}.`);
  const checked = await work.checkWorkingTree(root, { base, options, today: command.today });
  if (checked.kind === 'unreadable') return refuse(`Nothing was checked: ${checked.reason}`);
  command.print(checked.output);
  const summary = command.env.GITHUB_STEP_SUMMARY;
  if (options.report) writeFileSync(options.report, checked.report);
  if (summary) appendFileSync(summary, checked.report);
  return checked.ok ? 0 : 1;
}
