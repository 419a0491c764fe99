import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scriptSteps } from './find-steps.ts';
import { readLocalActions, readWorkflows } from './read-workflows.ts';

const root = dirname(dirname(import.meta.dirname));
const steps = scriptSteps(readWorkflows(root)).map(({ name, workflow, step }) => ({
  name: `${workflow.file}, ${name}`,
  script: step.run ?? '',
}));
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

function read(program: string, args: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? '' : `${stdout}${stderr}(${status})`;
}

const byBash = (script: string) => read('bash', ['-n'], script);
// Where it is installed; actionlint asks it as well, in .ci/workflows/check.
const byShellcheck = (script: string) =>
  hasShellcheck ? read('shellcheck', ['--shell=bash', '-'], `set -eo pipefail\n${script}`) : '';

describe('the script of every step is one', () => {
  test.each(steps)('$name', ({ script }) => {
    expect(byBash(script)).toBe('');
    expect(byShellcheck(script)).toBe('');
  });

  test('and of one that is none it would be said', () => {
    expect(byBash('if true; then')).toMatch(/syntax error/);
    expect(byShellcheck('echo $missing') !== '').toBe(hasShellcheck);
  });
});

test('actions of this repository have no scripts, which nobody would run here', () => {
  expect(
    readLocalActions(root).flatMap(({ steps: own }) => own.filter(({ run }) => run !== undefined)),
  ).toEqual([]);
});
