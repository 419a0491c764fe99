import { join } from 'node:path';
import { expect } from 'vitest';
import { startObjectServer } from '../publish/test/object-server.ts';
import { createRepository } from '../released/test-repository.ts';
import { subgraphNames } from '../start/subgraph-names.ts';
import { type StepOnTrial, testSteps } from './test-steps.ts';

testSteps('subgraphs.yml', {
  'touched: Find what is touched': findTouched,
  'suites: Test the subgraph': testSubgraph,
  'publish: Ask whether main still has this schema': askMain,
  'publish: Publish': publish,
});

const noCommit = '0'.repeat(40);

async function findTouched({ run }: StepOnTrial): Promise<void> {
  const { exitCode, results } = await run({ env: { BASE: noCommit } });
  expect(exitCode).toBe(0);
  const [, suites = ''] = results.match(/^suites=(.*)\nschemas=\[\]\n$/) ?? [];
  expect(JSON.parse(suites)).toEqual([...subgraphNames].sort());
}

async function testSubgraph({ run }: StepOnTrial): Promise<void> {
  // The suites themselves are among those that run anyway.
  const { exitCode, calls } = await run({ env: { SUBGRAPH: 'orders' }, programs: { npm: 'exit 3' } });
  expect({ exitCode, calls }).toEqual({ exitCode: 3, calls: ['npm test -- subgraphs/orders/'] });
}

async function askMain({ folder, run }: StepOnTrial): Promise<void> {
  const SCHEMA = 'subgraphs/orders/schema.graphql';
  const { root, git, commit } = createRepository(join(folder, 'repository'));
  commit({ [SCHEMA]: 'type Query' });
  const blob = git('rev-parse', `HEAD:${SCHEMA}`);
  const whenGh = (gh: string) => run({ cwd: root, env: { GH_TOKEN: 'a token', SCHEMA }, programs: { gh } });

  const current = await whenGh(`echo ${blob}`);
  expect(current).toMatchObject({ exitCode: 0, results: 'has-it=true\n', output: '' });
  expect(current.calls).toEqual([`gh api repos/The-Owner/The-Shop/contents/${SCHEMA}?ref=main --jq .sha`]);
  const overtaken = await whenGh(`echo ${noCommit}`);
  expect(overtaken).toMatchObject({ exitCode: 0, results: '' });
  expect(overtaken.output).toContain('::notice title=publish::');
  expect((await whenGh('exit 1')).exitCode).toBe(1);
}

async function publish({ run }: StepOnTrial): Promise<void> {
  const token = 'a-token-of-the-test';
  const store = await startObjectServer({ token });
  const say = async (ROUTING_URL: string, script?: string) => {
    const named = { SUBGRAPH: 'orders', SUPERGRAPH_STORE: store.url, SUPERGRAPH_STORE_TOKEN: token };
    const { exitCode, output } = await run({ env: { ...named, ROUTING_URL } }, script);
    return `${output}(${exitCode})`;
  };
  const stored = () => [...store.objects.values()].join();
  const elsewhere = 'http://orders.example:4003/graphql';
  try {
    expect(await say('')).toMatch(/takes --new-store.*\(2\)$/s);
    expect(stored()).toBe('');
    // Done once, by hand.
    expect(await say('', 'npm run publish:subgraph -- --all --new-store')).toMatch(/\(0\)$/);
    expect(await say('')).toMatch(/Nothing to publish.*\(0\)$/s);
    expect(stored()).not.toContain(elsewhere);
    expect(await say(elsewhere)).toMatch(/Published.*orders.*\(0\)$/s);
    expect(stored()).toContain(elsewhere);
    expect(stored()).toContain('"somebody"');
  } finally {
    await store.close();
  }
}
