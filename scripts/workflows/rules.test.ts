import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLocalActions, readWorkflow, readWorkflows } from './read-workflows.ts';
import { rules } from './rules.ts';

const root = dirname(dirname(import.meta.dirname));
const workflows = readWorkflows(root);
const actions = readLocalActions(root);

test('the workflows are read', () => {
  expect(workflows.map(({ file }) => file)).toEqual(['image.yml', 'pull-request.yml', 'subgraphs.yml']);
  expect(actions.map(({ path }) => path)).toEqual(['.github/actions/node/action.yml']);
});

describe.each(workflows)('$file', (workflow) => {
  test.each(rules)('$name', ({ violations }) => {
    expect(violations(workflow)).toEqual([]);
  });
});

const fine = `
on: { pull_request: , push: { branches: [main] } }
permissions: { contents: read }
concurrency:
  group: a-\${{ github.event.pull_request.number || github.sha }}
  cancel-in-progress: true
defaults: { run: { shell: bash } }
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    services: { redis: { image: redis:8.2, ports: [] } }
    steps:
      - uses: actions/checkout@v6
        with: { persist-credentials: false, fetch-depth: 0 }
      - { name: A, run: npm test }
      - { name: B, run: "true" }
`;
/** Each breaks one rule alone. */
const broken: [rule: RegExp, text: string, by: string][] = [
  [/may read/, 'contents: read }', 'contents: write }'],
  [/may read/, 'permissions: { contents: read }', ''],
  [/runs nothing/, '    timeout-minutes', '    permissions: { packages: write }\n    timeout-minutes'],
  [/secrets/, '- { name: A,', `- { name: A, env: { A: "\${{ secrets.A }}" },`],
  [/more rights/, 'pull_request: ,', 'pull_request_target: ,'],
  [/ends the run/, 'cancel-in-progress: true', 'cancel-in-progress: false'],
  [/ends the run/, '.number || github.sha', '.number'],
  [/in time/, '    timeout-minutes: 5\n', ''],
  [/in time/, 'timeout-minutes: 5', 'timeout-minutes: 360'],
  [/machine/, 'ubuntu-24.04', 'ubuntu-latest'],
  [/bash/, 'shell: bash', 'shell: sh'],
  [/bash/, '- { name: A,', '- { name: A, shell: sh,'],
  [/from an expression/, 'run: npm test', `run: "npm test \${{ github.ref_name }}"`],
  [
    /anybody may write/,
    '- { name: A,',
    `- { name: A, env: { A: "\${{ github.event.pull_request.title }}" },`,
  ],
  [/anybody may write/, '- { name: A,', `- { name: A, env: { A: "\${{ github.head_ref }}" },`],
  [/a name of its own/, 'name: B', 'name: A'],
  [/a name of its own/, '{ name: B, ', '{ '],
  [/leaves no token/, 'persist-credentials: false, ', ''],
  [/leaves no token/, ', fetch-depth: 0', ''],
  [/other host/, 'run: npm test', 'run: npm test --registry https://packages.example/'],
  [/other host/, 'image: redis:8.2', 'image: images.example/redis:8.2'],
];

describe('each rule can fail', () => {
  const violated = (text: string) =>
    rules
      .filter(({ violations }) => violations(readWorkflow('a.yml', text)).length > 0)
      .map(({ name }) => name);

  test('and none is broken by what is fine', () => {
    expect(violated(fine)).toEqual([]);
  });

  test.each(broken)('%s: %s becomes %s', (rule, text, by) => {
    expect(fine).toContain(text);
    expect(violated(fine.replace(text, () => by))).toEqual([expect.stringMatching(rule)]);
  });

  test('every one is broken by some example', () => {
    expect(rules.filter(({ name }) => !broken.some(([rule]) => rule.test(name)))).toEqual([]);
  });
});

describe('actions', () => {
  const texts = [...workflows, ...actions].map(({ text }) => text).join('\n');
  const used = [...texts.matchAll(/^\s*(?:- )?uses: (\S+?)@?(?:(?<=@)(\S+)(?: # (\S+))?)?$/gm)].map(
    ([, name = '', commit, version]) => ({ name, commit, version }),
  );

  test('are those of GitHub itself, each at one commit whose version is said, or live here', () => {
    const commits = new Map<string, string>();
    for (const { name, commit, version } of used) {
      if (name.startsWith('./')) {
        expect(existsSync(join(root, name, 'action.yml')), name).toBe(true);
        continue;
      }
      expect(name).toMatch(/^actions\//);
      expect(commit, name).toMatch(/^[0-9a-f]{40}$/);
      expect(version, name).toMatch(/^v\d+\.\d+\.\d+$/);
      expect(commits.get(name) ?? commit, name).toBe(commit);
      commits.set(name, commit ?? '');
    }
    expect([...commits.keys()]).toContain('actions/checkout');
  });

  test('are all found by the text', () => {
    const count = workflows.flatMap(({ text }) => text.match(/\buses:/g) ?? []).length;
    expect(used).toHaveLength(count + actions.flatMap(({ text }) => text.match(/\buses:/g) ?? []).length);
  });
});
