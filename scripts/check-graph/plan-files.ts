import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { OperationPlan } from '@shop/router/plan-operations';

const extension = '.txt';

/** A plan as it is committed: how many requests of subgraphs it takes, then the plan. */
export function planText({ fetches, text }: OperationPlan): string {
  return `${fetches} ${fetches === 1 ? 'fetch' : 'fetches'}\n${text.trimEnd()}\n`;
}

/** How many fetches a committed plan says that it takes; NaN when its first line does not say. */
export function fetchesIn(committed: string): number {
  return Number.parseInt(committed, 10);
}

/** The committed plans of a folder by the operation's name; none when the folder is not there. */
export function readPlans(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    planFiles(folder).map((file) => [basename(file, extension), readFileSync(join(folder, file), 'utf8')]),
  );
}

/**
 * Makes a folder hold exactly these plans, and gives the names of the operations whose file it wrote or removed. Each
 * file is replaced whole; whoever is interrupted runs it again.
 */
export function writePlans(folder: string, planned: readonly OperationPlan[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const committed = readPlans(folder);
  const wanted = new Map(planned.map((plan) => [plan.operation.name, planText(plan)]));
  const gone = Object.keys(committed).filter((name) => !wanted.has(name));
  const changed = [...wanted].filter(([name, text]) => committed[name] !== text);
  for (const [name, text] of changed) {
    const path = join(folder, `${name}${extension}`);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
  for (const name of gone) rmSync(join(folder, `${name}${extension}`));
  return [...changed.map(([name]) => name), ...gone];
}

function planFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(extension));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
