import { registerHooks } from 'node:module';

// The parser imports its schema as a bundler would, without saying that it is JSON; Node wants to be told.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return found.url.endsWith('.json') ? { ...found, importAttributes: { type: 'json' } } : found;
  },
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
  '@actions/workflow-parser'
);
const { parseAction } = await import('@actions/workflow-parser/actions/action-parser');
const { convertActionTemplate } = await import('@actions/workflow-parser/actions/action-template');

/** Whether a job runs. */
export interface Condition {
  readonly id: string;
  readonly needs: readonly string[];
  /** Of its `if`, as GitHub completes it: `success()` where there is none. */
  readonly expression: string;
}

/** What GitHub's own parser makes of a workflow. */
export interface ParsedWorkflow {
  /** What it has against its form, and against what expressions name where; each with its line. */
  readonly errors: readonly string[];
  /** Of each job; none when there are errors. */
  readonly jobs: readonly Condition[];
  /** The conditions of all steps. */
  readonly steps: readonly string[];
}

export async function parseAsGitHub(name: string, content: string): Promise<ParsedWorkflow> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = value && (await convertWorkflowTemplate(context, value));
  const errors = context.errors.getErrors().map(String);
  if (errors.length > 0 || !template) return { errors, jobs: [], steps: [] };
  const jobs = template.jobs.map((job) => ({
    id: job.id.value,
    needs: (job.needs ?? []).map(({ value: needed }) => needed),
    expression: job.if.expression,
  }));
  const steps = template.jobs.flatMap((job) =>
    'steps' in job ? job.steps.flatMap((step) => step.if?.expression ?? []) : [],
  );
  return { errors, jobs, steps };
}

/** What the parser has against an action. */
export function errorsInAction(name: string, content: string): string[] {
  const { context, value } = parseAction({ name, content }, new NoOperationTraceWriter());
  if (value) convertActionTemplate(context, value);
  return context.errors.getErrors().map(String);
}
