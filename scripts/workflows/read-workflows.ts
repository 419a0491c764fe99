import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const strings = z.record(z.string(), z.coerce.string());

const step = z.looseObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  env: strings.default({}),
  with: strings.default({}),
});

const service = z.looseObject({ image: z.string(), env: strings.default({}), ports: z.array(z.string()) });

const job = z.looseObject({
  'runs-on': z.string(),
  'timeout-minutes': z.number().optional(),
  permissions: strings.optional(),
  environment: z.string().optional(),
  env: strings.default({}),
  services: z.record(z.string(), service).default({}),
  steps: z.array(step),
});

const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: strings.optional(),
  concurrency: z.looseObject({}).optional(),
  defaults: z.looseObject({}).optional(),
  env: strings.default({}),
  jobs: z.record(z.string(), job),
});

const action = z.object({ runs: z.object({ using: z.literal('composite'), steps: z.array(step) }) });

export type Step = z.output<typeof step>;
export type Job = z.output<typeof job>;

/** A workflow as far as our rules look at it. Whether it is one at all is for GitHub's own schema to say. */
export interface Workflow extends z.output<typeof workflow> {
  /** Its name in .github/workflows. */
  readonly file: string;
  readonly text: string;
}

/** An action of this repository, which its workflows use. */
export interface LocalAction {
  /** From the root. */
  readonly path: string;
  readonly text: string;
  readonly steps: readonly Step[];
}

/** Reads a workflow. @throws ZodError, or what the YAML parser says */
export function readWorkflow(file: string, text: string): Workflow {
  return { ...workflow.parse(parse(text)), file, text };
}

/** Every workflow of the repository at `root`. */
export function readWorkflows(root: string): Workflow[] {
  const folder = join(root, '.github/workflows');
  return globSync('*.{yml,yaml}', { cwd: folder })
    .sort()
    .map((file) => readWorkflow(file, readFileSync(join(folder, file), 'utf8')));
}

/** Every action that lives in the repository at `root`. */
export function readLocalActions(root: string): LocalAction[] {
  return globSync('.github/actions/*/action.yml', { cwd: root }).map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, steps: action.parse(parse(text)).runs.steps };
  });
}
