import type { Job, Step, Workflow } from './read-workflows.ts';

/** A step with a script, where it stands. */
export interface ScriptStep {
  /** Such as `push: Push`: its job and its own name. */
  readonly name: string;
  readonly workflow: Workflow;
  readonly job: Job;
  readonly step: Step;
}

/** Every step with a script of these workflows. */
export function scriptSteps(workflows: readonly Workflow[]): ScriptStep[] {
  return workflows.flatMap((workflow) =>
    Object.entries(workflow.jobs).flatMap(([id, job]) =>
      job.steps
        .filter(({ run }) => run !== undefined)
        .map((step) => ({ name: `${id}: ${step.name}`, workflow, job, step })),
    ),
  );
}
