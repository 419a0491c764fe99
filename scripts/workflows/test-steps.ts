import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptSteps } from './find-steps.ts';
import { readWorkflows } from './read-workflows.ts';
import { runStep, type StandIns, type StepRun } from './run-step.ts';

const root = dirname(dirname(import.meta.dirname));
/** The longest that a step may take here is half of it. */
const scriptWithinMs = 240_000;

/** A step whose script a test runs, as often as it likes. */
export interface StepOnTrial {
  /** Empty at first; removed after the test. */
  readonly folder: string;
  /** Runs it in the repository, unless told otherwise; `script` instead of its own, as the same step. */
  run(standIns?: Partial<StandIns>, script?: string): Promise<StepRun>;
}

/** Why the script of a step cannot run in a test here, or the test in which it runs. */
export type Trials = Readonly<Record<string, string | ((step: StepOnTrial) => Promise<void>)>>;

/**
 * Declares the tests of a workflow: one for each step that has a script, by `job: name`. A step for which there is neither
 * a test nor a reason fails one more.
 */
export function testSteps(file: string, trials: Trials): void {
  const steps = scriptSteps(readWorkflows(root).filter((workflow) => workflow.file === file));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shop-workflow-step-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('every step with a script runs here, or it is said why not', () => {
    expect(Object.keys(trials).sort()).toEqual(steps.map(({ name }) => name).sort());
  });

  for (const found of steps) {
    const trial = trials[found.name];
    if (typeof trial !== 'function') continue;
    test(found.name, { timeout: scriptWithinMs }, () => {
      const run = (standIns: Partial<StandIns> = {}, script = found.step.run ?? '') =>
        runStep({ ...found, step: { ...found.step, run: script } }, { folder, cwd: root, ...standIns });
      return trial({ folder, run });
    });
  }
}
