import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** One check, as Node's arguments. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Everything it printed. */
  readonly output: string;
}

const STEP_LIMIT_MS = 300_000;

/** What a pull request must pass before the tests. */
export const staticSteps: readonly Step[] = [
  { name: 'lint', args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'] },
  { name: 'graph', args: ['scripts/check-graph.ts', '--quiet'] },
  { name: 'events', args: ['scripts/check-events.ts'] },
];

export const invariantsStep: Step = {
  name: 'invariants',
  args: ['node_modules/vitest/vitest.mjs', 'run', 'scripts/check/'],
};

/**
 * Runs every step in turn, whatever fails, and prints one line for each; the output of those that fail follows.
 * A step that takes longer than five minutes fails.
 */
export async function runSteps(root: string, steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const result = await runStep(root, step);
    console.log(`${result.ok ? '✓' : '✗'} ${result.name.padEnd(12)} ${result.seconds.toFixed(1)} s`);
    results.push(result);
  }
  for (const { ok, name, output } of results) if (!ok) console.log(`\n--- ${name} ---\n${output.trimEnd()}`);
  return results;
}

function runStep(root: string, { name, args }: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const [script = '', ...rest] = args;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...rest], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_LIMIT_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const finish = (ok: boolean) =>
      resolve({ name, ok, output, seconds: (performance.now() - startedAt) / 1_000 });
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}
