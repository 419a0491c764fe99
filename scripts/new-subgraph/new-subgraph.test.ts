import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lintSubgraphs } from '../check-graph/lint-subgraphs.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { adminOf, createClient, createProduct } from '../e2e/client.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { copyRepository, type RepositoryCopy } from '../e2e/repository-copy.ts';
import { endAllShops, spawnScript, startShop } from '../e2e/shop-process.ts';
import { subgraphNames } from '../start/subgraph-names.ts';

let copy: RepositoryCopy;
beforeAll(() => {
  copy = copyRepository();
});
afterAll(async () => {
  await endAllShops();
  copy.remove();
});

async function run(...args: string[]) {
  const child = spawnScript(args, {}, copy.root);
  return { exitCode: await child.exited, output: child.output() };
}

const fingerprint = () => {
  const files = globSync('**/*.*', { cwd: copy.root, exclude: ['**/node_modules'], withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
};

const script = 'scripts/new-subgraph.ts';

// The tests build on each other: each goes on in the copy that the one before left.

test('when it cannot be completed, all is as it was', async () => {
  const before = fingerprint();
  // Its query of one would be called as that of Users for the caller.
  const { exitCode, output } = await run(script, 'mirrors', '--entity', 'Me');
  expect(exitCode).toBe(1);
  expect(output).toMatch(/do not compose[\s\S]*Query\.me[\s\S]*All is again as it was/);
  expect(fingerprint()).toBe(before);
});

test('interrupted at its last step, all is as it was, and stays so', async () => {
  const before = fingerprint();
  const child = spawnScript([script, 'reviews'], {}, copy.root);
  await vi.waitFor(() => expect(child.output()).toContain('the composed contracts'), { timeout: 30_000 });
  child.process.kill('SIGINT');
  expect(await child.exited).toBe(1);
  expect(child.output()).toMatch(/Interrupted\.[\s\S]*All is again as it was/);
  // Longer than the lockfile takes: nobody goes on unseen.
  await sleep(4_000);
  expect(fingerprint()).toBe(before);
}, 60_000);

test('one command adds a subgraph; the same again is refused and changes nothing', async () => {
  const { exitCode, output } = await run(script, 'reviews');
  expect(output).toContain('subgraphs/reviews is there');
  expect(exitCode).toBe(0);
  const after = fingerprint();
  const again = await run(script, 'reviews');
  expect(again.exitCode).toBe(2);
  expect(again.output).toContain('supergraph.yaml has reviews already');
  expect(fingerprint()).toBe(after);
}, 60_000);

test('what goes by hand stays as a hand wrote it', () => {
  const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8').split('\n');
  const original = join(import.meta.dirname, '../..');
  for (const path of ['supergraph.yaml', 'compose.yaml', 'Dockerfile', 'package.json']) {
    const [before, after] = [read(original, path), read(copy.root, path)];
    // Nothing but lines of its own.
    const added = after.filter((line) => /review/i.test(line));
    expect(added.length, path).toBeGreaterThan(0);
    let at = 0;
    for (const line of after) if (line === before[at]) at += 1;
    expect(at, path).toBe(before.length);
  }
});

test('it is linted, typed and composed like the others', async () => {
  copy.linkPackages();
  const config = readSupergraphConfig(join(copy.root, 'supergraph.yaml'));
  expect(config.subgraphs.map(({ name }) => name)).toEqual([...subgraphNames, 'reviews']);
  expect(lintSubgraphs(config)).toEqual([]);
  const checks = await Promise.all([
    run('node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', 'subgraphs/reviews', 'package.json'),
    run('node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'),
    run('scripts/compose.ts', '--check'),
  ]);
  for (const { exitCode, output } of checks) expect(exitCode, output).toBe(0);
}, 60_000);

test('its tests pass, and so do those that go by subgraph', async () => {
  const suites = [
    'subgraphs/reviews',
    'scripts/compose-file',
    'scripts/cluster/layout.test.ts',
    'scripts/check/',
  ];
  const { exitCode, output } = await run('node_modules/vitest/vitest.mjs', 'run', ...suites);
  expect(exitCode, output).toBe(0);
  expect(output).toContain('subgraphs/reviews/test/managing.test.ts');
}, 60_000);

test('the whole shop starts with it, and it is part of the graph, in both directions', async () => {
  const shop = await startShop({ root: copy.root, port: await freePorts(2 + subgraphNames.length) });
  const productId = await createProduct(shop, { name: 'tea' });
  const { createReview: review } = await adminOf(shop).get<{ createReview: { _id: string } }>(
    'mutation ($id: ID!) { createReview(input: { productId: $id, text: "Good." }) { _id } }',
    { id: productId },
  );
  const client = createClient(shop.url);
  const query = `query ($id: ID!, $review: ID!) {
    product(id: $id) { name reviews { _id text } }
    review(id: $review) { text product { name } }
  }`;
  expect(await client.get(query, { id: productId, review: review._id })).toEqual({
    product: { name: 'tea', reviews: [{ _id: review._id, text: 'Good.' }] },
    review: { text: 'Good.', product: { name: 'tea' } },
  });
  const { codes } = await client.ask('mutation { deleteReview(id: "any") { _id } }');
  expect(codes).toEqual(['UNAUTHENTICATED']);
  expect((await shop.interrupt()).exitCode).toBe(0);
}, 60_000);
