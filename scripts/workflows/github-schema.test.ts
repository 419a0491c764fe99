import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorsInAction, errorsInWorkflow } from './github-schema.ts';
import { readLocalActions, readWorkflows } from './read-workflows.ts';

const root = dirname(dirname(import.meta.dirname));

test.each(readWorkflows(root))("$file is a workflow, by GitHub's parser", async ({ file, text }) => {
  expect(await errorsInWorkflow(file, text)).toEqual([]);
});

test.each(readLocalActions(root))("$path is an action, by GitHub's parser", ({ path, text }) => {
  expect(errorsInAction(path, text)).toEqual([]);
});

describe('it would say what is wrong', () => {
  const workflow = (step: string, more = '') =>
    `on: push\n${more}jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${step}\n`;

  test('and has nothing against what is right', async () => {
    expect(await errorsInWorkflow('a.yml', workflow('run: true'))).toEqual([]);
  });

  test.each([
    ['an unknown context', workflow(`run: echo \${{ github.sha }} \${{ nothing.x }}`), /'nothing'/],
    ['a context where it is not known', workflow('run: true', `env:\n  A: \${{ steps.a }}\n`), /'steps'/],
    ['an expression that does not end well', workflow(`run: echo \${{ github.sha + }}`), /expression/i],
    ['an unknown key', workflow('ran: true'), /'ran'/],
    ['an unknown event', workflow('run: true').replace('push', 'pushed'), /'pushed'/],
    ['jobs of which none can begin', `${workflow('run: true')}    needs: b\n`, /no dependencies/],
  ])('%s', async (_, text, message) => {
    expect((await errorsInWorkflow('a.yml', text)).join('\n')).toMatch(message);
  });

  test('an action without steps', () => {
    expect(errorsInAction('action.yml', 'name: a\nruns:\n  using: composite\n').join('\n')).toMatch(/steps/);
  });
});
