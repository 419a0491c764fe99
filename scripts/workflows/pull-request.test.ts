import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type StepOnTrial, testSteps } from './test-steps.ts';

testSteps('pull-request.yml', {
  'check: Check': '.ci/run runs it itself',
  'graph: Check the graph': checkGraph,
  'graph-comment: Put the report into the comment': comment,
  'test: Test': '.ci/run runs it itself',
  'test-real: Make MongoDB a replica set of one':
    'it needs a mongod; .ci/services asks the same of one that it starts',
  'test-real: Install Redis': 'it changes the machine; .ci/services installs the same package',
  'test-real: Test on real servers': '.ci/run runs it itself, on servers that it starts',
  'rover: Compare with rover':
    "it downloads Apollo's plugin, whose licence no test accepts; scripts/compose tests the verb",
  'rover-left-out: Say that rover is left out': sayThatRoverIsLeftOut,
  'files: compose.yaml, by Docker': 'it needs Compose; the next step does without',
  'files: compose.yaml, by the parser of Compose': '.ci/run runs it itself',
  'files: The workflows, by actionlint': '.ci/run runs it itself',
});

async function checkGraph({ folder, run }: StepOnTrial): Promise<void> {
  const REPORT = join(folder, 'report.md');
  // The second is what GitHub says of a branch that is new.
  for (const BASE of ['HEAD', '0'.repeat(40)]) {
    const { exitCode, output, summary } = await run({ env: { BASE, REPORT } });
    expect(`${output}(${exitCode})`).toMatch(/\(0\)$/);
    expect(summary).toMatch(/^#/);
    expect(readFileSync(REPORT, 'utf8')).toBe(summary);
  }
  const silent = await run({ env: { BASE: 'HEAD', REPORT }, programs: { npm: 'exit 2' } });
  expect(silent.exitCode).toBe(2);
  expect(readFileSync(REPORT, 'utf8')).toContain('Nothing was checked');
}

async function comment({ folder, run }: StepOnTrial): Promise<void> {
  const [REPORT, BODY] = [join(folder, 'report.md'), join(folder, 'comment.md')];
  const env = { GH_TOKEN: 'a token', PULL_REQUEST: '7', REPORT, BODY };
  const comments = 'repos/The-Owner/The-Shop/issues/7/comments';
  const filter = '.[] | select(.user.login == "github-actions[bot]" and ';
  /** What gh finds of our comments, instead of asking. */
  const find = (...ids: number[]) => ({
    env,
    programs: { gh: `[ "$2" != --paginate ] || printf '%s' '${ids.join('\n')}'` },
  });

  writeFileSync(REPORT, '# Graph\nAll is well.\n');
  const first = await run(find());
  expect(first).toMatchObject({ exitCode: 0, output: '' });
  expect(first.calls).toEqual([
    expect.stringContaining(`gh api --paginate ${comments} --jq ${filter}`),
    `gh api --method POST ${comments} --field body=@${BODY} --silent`,
  ]);
  expect(readFileSync(BODY, 'utf8')).toBe('<!-- check:graph -->\n# Graph\nAll is well.\n');

  const second = await run(find(41, 42));
  expect(second.calls.at(-1)).toBe(
    `gh api --method PATCH repos/The-Owner/The-Shop/issues/comments/41 --field body=@${BODY} --silent`,
  );

  writeFileSync(REPORT, `a${'é'.repeat(70_000)}`);
  expect((await run(find())).exitCode).toBe(0);
  const body = readFileSync(BODY, 'utf8');
  expect(body.length).toBeLessThan(65_536);
  expect(body).toMatch(/é$/);

  expect((await run({ env, programs: { gh: 'exit 1' } })).exitCode).toBe(1);
  writeFileSync(REPORT, '');
  expect(await run(find())).toMatchObject({ exitCode: 0, calls: [] });
}

async function sayThatRoverIsLeftOut({ run }: StepOnTrial): Promise<void> {
  const { exitCode, output } = await run();
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^::notice title=rover::.*APOLLO_ELV2_LICENSE.*\n$/);
}
