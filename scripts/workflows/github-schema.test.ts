import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorsInAction, parseAsGitHub } from './github-schema.ts';
import { readLocalActions, readWorkflows } from './read-workflows.ts';

const isText = (expression: string) => /\bformat\(/.test(expression);
const root = dirname(dirname(import.meta.dirname));

test.each(readWorkflows(root))("$file is a workflow, by GitHub's parser", async ({ file, text }) => {
  const { errors, jobs, steps } = await parseAsGitHub(file, text);
  expect(errors).toEqual([]);
  // A condition with anything around its expression, such as a line break, is a text, which is true.
  expect([...jobs.map(({ expression }) => expression), ...steps].filter(isText)).toEqual([]);
});

test.each(readLocalActions(root))("$path is an action, by GitHub's parser", ({ path, text }) => {
  expect(errorsInAction(path, text)).toEqual([]);
});

describe('it would say what is wrong', () => {
  const workflow = (step: string, more = '') =>
    `on: push\n${more}jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${step}\n`;

  test('and has nothing against what is right', async () => {
    expect((await parseAsGitHub('a.yml', workflow('run: true'))).errors).toEqual([]);
  });

  test.each([
    ['an unknown context', workflow(`run: echo \${{ github.sha }} \${{ nothing.x }}`), /'nothing'/],
    ['a context where it is not known', workflow('run: true', `env:\n  A: \${{ steps.a }}\n`), /'steps'/],
    ['an expression that does not end well', workflow(`run: echo \${{ github.sha + }}`), /expression/i],
    ['an unknown key', workflow('ran: true'), /'ran'/],
    ['an unknown event', workflow('run: true').replace('push', 'pushed'), /'pushed'/],
    ['jobs of which none can begin', `${workflow('run: true')}    needs: b\n`, /no dependencies/],
  ])('%s', async (_, text, message) => {
    expect((await parseAsGitHub('a.yml', text)).errors.join('\n')).toMatch(message);
  });

  test('a condition that is a text', async () => {
    const lines = `run: true\n        if: |\n          \${{ false }}`;
    const { errors, steps } = await parseAsGitHub('a.yml', workflow(lines));
    expect(errors).toEqual([]);
    expect(steps.filter(isText)).toHaveLength(1);
  });

  test('an action without steps', () => {
    expect(errorsInAction('action.yml', 'name: a\nruns:\n  using: composite\n').join('\n')).toMatch(/steps/);
  });
});
