import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Contexts, fill } from './evaluate.ts';
import { parseAsGitHub } from './github-schema.ts';
import { readWorkflows } from './read-workflows.ts';
import { type JobResult, type Occasion, simulateJobs } from './simulate-jobs.ts';

const workflows = readWorkflows(dirname(dirname(import.meta.dirname)));
const textOf = (file: string) => workflows.find((each) => each.file === file)?.text ?? '';

function pullRequest({ from = 'owner/shop', by = 'somebody', number = 7 } = {}): Contexts {
  const event = { pull_request: { number, head: { repo: { full_name: from } }, user: { login: by } } };
  const github = { event_name: 'pull_request', repository: 'owner/shop', sha: `merge-${number}`, event };
  return { github: { ...github, ref_type: 'branch', workflow: 'A' }, vars: {} };
}
function push(sha = 'a', refType = 'branch'): Contexts {
  const github = { event_name: 'push', repository: 'owner/shop', sha, event: { before: 'b' } };
  return { github: { ...github, ref_type: refType, workflow: 'A' }, vars: {} };
}
const having = (contexts: Contexts, vars: Record<string, string>) => ({ ...contexts, vars });

/** The jobs that end so. */
async function jobsThat(end: JobResult, file: string, occasion: Occasion): Promise<string[]> {
  const { jobs } = await parseAsGitHub(file, textOf(file));
  return Object.entries(simulateJobs(jobs, occasion)).flatMap(([id, result]) => (result === end ? [id] : []));
}
const jobsRunning = (file: string, occasion: Occasion) => jobsThat('success', file, occasion);

describe('pull-request.yml', () => {
  const file = 'pull-request.yml';
  const always = ['check', 'graph', 'test', 'test-real', 'files'];
  const cases: [string, Occasion, string[]][] = [
    ['a pull request', { contexts: pullRequest() }, [...always, 'graph-comment', 'rover-left-out']],
    ['one from a fork', { contexts: pullRequest({ from: 'other/shop' }) }, [...always, 'rover-left-out']],
    ["Dependabot's", { contexts: pullRequest({ by: 'dependabot[bot]' }) }, [...always, 'rover-left-out']],
    ['a push to main', { contexts: push() }, [...always, 'rover-left-out']],
    [
      'where the licence is accepted',
      { contexts: having(push(), { APOLLO_ELV2_LICENSE: 'accept' }) },
      [...always, 'rover'],
    ],
    [
      'a graph that is refused',
      { contexts: pullRequest(), failing: ['graph'] },
      [...always.filter((id) => id !== 'graph'), 'graph-comment', 'rover-left-out'],
    ],
  ];
  test.each(cases)('%s', async (_, occasion, running) => {
    expect((await jobsRunning(file, occasion)).sort()).toEqual(running.sort());
  });
});

describe('subgraphs.yml', () => {
  const file = 'subgraphs.yml';
  const stored = { SUPERGRAPH_STORE: 'https://graph.example' };
  const touched = (suites: string[], schemas: string[]) => ({
    outputs: { touched: { suites: JSON.stringify(suites), schemas: JSON.stringify(schemas) } },
  });
  const orders = touched(['orders'], ['orders']);
  const cases: [string, Occasion, string[]][] = [
    ['a change of no subgraph', { contexts: having(push(), stored), ...touched([], []) }, ['touched']],
    ['a pull request', { contexts: having(pullRequest(), stored), ...orders }, ['touched', 'suites']],
    [
      'a push of code',
      { contexts: having(push(), stored), ...touched(['orders'], []) },
      ['touched', 'suites'],
    ],
    ['a push of a schema', { contexts: having(push(), stored), ...orders }, ['touched', 'suites', 'publish']],
    ['one where there is no store', { contexts: push(), ...orders }, ['touched', 'suites']],
    [
      'one whose suites fail',
      { contexts: having(push(), stored), ...orders, failing: ['suites'] },
      ['touched'],
    ],
  ];
  test.each(cases)('%s', async (_, occasion, running) => {
    expect(await jobsRunning(file, occasion)).toEqual(running);
  });
});

describe('image.yml', () => {
  const file = 'image.yml';
  const registry = { IMAGE_REGISTRY: 'images.example' };
  const cases: [string, Occasion, string[]][] = [
    ['a pull request', { contexts: having(pullRequest(), registry) }, ['build']],
    ['a push to main', { contexts: having(push(), registry) }, ['build', 'push']],
    ['a tag', { contexts: having(push('a', 'tag'), registry) }, ['build', 'push']],
    ['where there is no registry', { contexts: push() }, ['build']],
    ['an image that does not work', { contexts: having(push(), registry), failing: ['build'] }, []],
  ];
  test.each(cases)('%s', async (_, occasion, running) => {
    expect(await jobsRunning(file, occasion)).toEqual(running);
  });
});

test.each(workflows)('$file: what supersedes what', ({ concurrency }) => {
  const group = (contexts: Contexts) => fill(String(concurrency?.group), contexts);
  const again = { github: { ...(pullRequest().github as object), sha: 'another' } };
  expect(group(again)).toBe(group(pullRequest()));
  expect(group(pullRequest({ number: 8 }))).not.toBe(group(pullRequest()));
  expect(group(push('b'))).not.toBe(group(push('a')));
});
