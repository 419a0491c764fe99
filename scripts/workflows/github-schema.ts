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

/**
 * What GitHub's own parser has against a workflow: its form, and what expressions name where. Each with its line.
 */
export async function errorsInWorkflow(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(String);
}

/** The same of an action. */
export function errorsInAction(name: string, content: string): string[] {
  const { context, value } = parseAction({ name, content }, new NoOperationTraceWriter());
  if (value) convertActionTemplate(context, value);
  return context.errors.getErrors().map(String);
}
