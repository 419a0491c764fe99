import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCommittedShop, openSmallShop, schema, withoutPrice } from './test/small-shop.ts';

const schemaFile = 'subgraphs/products/schema.graphql';

describe('what a working tree is compared with', () => {
  test('on main, the last commit: a field that goes is named with all that is known of it', async () => {
    using shop = await openCommittedShop();
    expect(await shop.check()).toMatchObject({ code: 0, output: expect.stringContaining('✓ 0 errors') });
    shop.write(schemaFile, withoutPrice);
    shop.compose();
    const { code, output } = await shop.check();
    expect(code).toBe(1);
    expect(output).toContain('✗ FIELD_REMOVED Product.price');
    expect(output).toContain(`at ${schemaFile}:4:6`);
    expect(output).toContain('used by Prices');
    expect(output).toContain('owned by Products team');
    expect(output).toMatch(
      /✗ 1 error; 1 operation; 1 change \(1 breaking\) since main \(\w{9}\); in \d+\.\d s/,
    );
  });

  test('on a branch, where it left main: what main got since is no removal', async () => {
    using shop = await openCommittedShop();
    shop.git('checkout', '-q', '-b', 'work');
    shop.git('checkout', '-q', 'main');
    shop.write(schemaFile, schema.replace('price: Int', 'price: Int\n  "How many are left."\n  left: Int'));
    shop.compose();
    shop.commit();
    shop.git('checkout', '-q', 'work');
    expect(await shop.check()).toMatchObject({ code: 0, output: expect.stringContaining('0 changes since') });
    expect(await shop.check('--base', 'main')).toMatchObject({
      code: 0,
      output: expect.stringContaining("FIELD_REMOVED: Field 'left' was removed"),
    });
  });

  test('the branch that a pull request is for, and without it nothing is said to be well', async () => {
    using shop = await openCommittedShop({ GITHUB_BASE_REF: 'release' });
    const { code, errors } = await shop.check();
    expect(code).toBe(2);
    expect(errors).toContain('git knows neither origin/release nor release');
    shop.git('branch', 'release');
    expect(await shop.check()).toMatchObject({ code: 0, output: expect.stringContaining('since release') });
  });

  test('a pull request without git is not said to be well', async () => {
    using shop = openSmallShop({ GITHUB_BASE_REF: 'main' });
    expect(await shop.check()).toMatchObject({
      code: 2,
      errors: expect.stringContaining('not a git repository'),
    });
  });

  test('nothing, plainly, without git, without main and before the first supergraph', async () => {
    using shop = openSmallShop();
    await shop.check('--accept-plans');
    const says = async (reason: string) =>
      expect(await shop.check()).toMatchObject({
        code: 0,
        output: expect.stringContaining(`nothing to compare with: ${reason}`),
      });
    await says('not a git repository');
    shop.git('init', '-q', '-b', 'trunk');
    await says('git knows neither main nor origin/main');
    shop.git('commit', '-q', '--allow-empty', '-m', 'empty');
    shop.git('branch', 'main');
    await says('there was no contracts/supergraph.graphql at main');
  });

  test('histories that nothing connects are not compared in silence', async () => {
    using shop = await openCommittedShop();
    shop.git('checkout', '-q', '--orphan', 'other');
    shop.git('commit', '-q', '-m', 'another beginning');
    expect(await shop.check()).toMatchObject({
      code: 2,
      errors: expect.stringContaining('nothing connects HEAD and main'),
    });
  });
});

test('what is composed has to be committed', async () => {
  using shop = await openCommittedShop();
  shop.write(schemaFile, schema.replace('price: Int', 'price: Int\n  "How many are left."\n  left: Int'));
  const { code, output } = await shop.check();
  expect(code).toBe(1);
  expect(output).toContain('✗ STALE_FILE\n  contracts/supergraph.graphql is not up to date');
  expect(output).toContain('at contracts/api.graphql:1:1');
  shop.compose();
  expect((await shop.check()).code).toBe(0);
});

test('the version of federation is the one that composes here', async () => {
  using shop = await openCommittedShop();
  const file = join(shop.root, 'supergraph.yaml');
  shop.write('supergraph.yaml', readFileSync(file, 'utf8').replace('=2.14.4', '=2.13.0'));
  expect(await shop.check()).toMatchObject({
    code: 1,
    output: expect.stringContaining('✗ FEDERATION_VERSION'),
  });
});

test('plans are compared with the committed ones, until they are accepted', async () => {
  using shop = openSmallShop();
  expect((await shop.check()).output).toContain('✗ MISSING_PLAN');
  expect((await shop.check('--accept-plans')).output).toContain('Accepted the plans of Prices.');
  expect(await shop.check('--accept-plans')).toMatchObject({
    code: 0,
    output: expect.stringContaining('accepted already'),
  });
  const { output } = await shop.check();
  expect(output).toMatch(/Prices: 1 fetch\n {2}QueryPlan \{\n {4}Fetch\(service: "products"\)/);
  expect((await shop.check('--quiet')).output).not.toContain('QueryPlan');
  shop.write('contracts/operations/shop.graphql', 'query Prices { products { cost } }\n');
  expect((await shop.check('--accept-plans')).output).toContain('No plan was written');
  expect(readFileSync(join(shop.root, 'contracts/operations/plans/Prices.txt'), 'utf8')).toContain('price');
});

test('what was released counts after its operation has changed', async () => {
  using shop = await openCommittedShop();
  const manifest = readFileSync(join(shop.root, 'contracts/operations/manifest.json'), 'utf8');
  shop.write('contracts/operations/released/2026.json', manifest);
  shop.write('contracts/operations/shop.graphql', 'query Prices { products { name } }\n');
  shop.write(schemaFile, withoutPrice);
  expect((await shop.check()).output).toContain('used by Prices (released)');
});

test('counts of usage are taken from contracts/usage.json, or the file that is named', async () => {
  using shop = await openCommittedShop();
  shop.write('contracts/operations/shop.graphql', 'query Prices { products { name } }\n');
  await shop.check('--accept-plans');
  shop.write(schemaFile, withoutPrice);
  shop.compose();
  expect(await shop.check()).toMatchObject({ code: 0, output: expect.stringContaining('nothing uses it') });
  shop.write('contracts/usage.json', '{ "Product.price": 7 }');
  expect(await shop.check()).toMatchObject({
    code: 1,
    output: expect.stringContaining('asked for 7 times lately'),
  });
  shop.write('none.json', '{}');
  expect((await shop.check('--usage', join(shop.root, 'none.json'))).code).toBe(0);
});

test.each([
  [['--nonsense'], "Unknown option '--nonsense'"],
  [['--base'], '--base'],
  [['--base', 'nowhere'], 'git knows no commit nowhere'],
  [['--base', '--help'], '--base'],
  [['--usage', 'missing.json'], 'missing.json'],
  [['--usage', 'supergraph.yaml'], 'cannot be read'],
  [['more'], 'more'],
])('%j is refused with 2 and a reason', async (args, reason) => {
  using shop = await openCommittedShop();
  const { code, output, errors } = await shop.check(
    ...args.map((each) => (each === 'supergraph.yaml' ? join(shop.root, each) : each)),
  );
  expect(errors).toContain(reason);
  expect([code, output]).toEqual([2, '']);
});

test.each([
  ['contracts/usage.json', '{ "Product": 3 }', 'is not like {"Product.price": 12}'],
  ['contracts/usage.json', '{ "Product.price": -1 }', 'usage.json'],
  ['contracts/operations/broken.graphql', 'query {', 'broken.graphql:1:8'],
  ['contracts/accepted-hints.yaml', '- code: X', 'accepted-hints.yaml'],
  ['subgraphs/products/package.json', '{', 'products/package.json'],
  ['supergraph.yaml', 'subgraphs: {}', 'federation_version is missing'],
])('%s with %j cannot be checked: 2 and a reason', async (file, text, reason) => {
  using shop = await openCommittedShop();
  shop.write(file, text);
  const { code, errors } = await shop.check();
  expect(errors).toContain(reason);
  expect(code).toBe(2);
});

test('a schema that is missing is named', async () => {
  using shop = await openCommittedShop();
  rmSync(join(shop.root, schemaFile));
  expect(await shop.check()).toMatchObject({ code: 2, errors: expect.stringContaining(schemaFile) });
});

test('as JSON, for programs', async () => {
  using shop = await openCommittedShop();
  shop.write(schemaFile, withoutPrice);
  const { code, output } = await shop.check('--json');
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    ok: false,
    changes: [{ code: 'FIELD_REMOVED', coordinate: 'Product.price', operations: ['Prices'] }],
  });
});

test('--help tells the options', async () => {
  using shop = openSmallShop();
  expect(await shop.check('--help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('--accept-plans'),
  });
});

test('the command of that name ends with its exit code', () => {
  const script = join(import.meta.dirname, '../check-graph.ts');
  const run = (arg: string) => spawnSync(process.execPath, [script, arg], { encoding: 'utf8' });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run check:graph') });
  expect(run('--nonsense')).toMatchObject({ status: 2, stderr: expect.stringContaining('--nonsense') });
});
