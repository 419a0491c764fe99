import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importsOf } from '../check/imports.ts';
import { createRepository, type TestRepository } from '../released/test-repository.ts';
import { readChange } from './read-change.ts';
import { touchedBy } from './touched.ts';

const root = dirname(dirname(import.meta.dirname));
const subgraphs = ['images', 'orders', 'users'];
const touched = (...paths: string[]) => touchedBy({ kind: 'known', paths, subgraphs });

describe('what a path touches', () => {
  test.each([
    ['subgraphs/orders/src/place-order.ts', ['orders'], []],
    ['subgraphs/orders/schema.graphql', ['orders'], ['orders']],
    ['subgraphs/orders/test/schema.graphql', ['orders'], []],
    ['subgraphs/shared/src/cache/port.ts', subgraphs, []],
    ['contracts/events/order.placed.v1.schema.json', subgraphs, []],
    ['contracts/errors.ts', subgraphs, []],
    ['pnpm-lock.yaml', subgraphs, []],
    ['vitest.config.ts', subgraphs, []],
    ['scripts/run/install.mjs', subgraphs, []],
    ['.github/workflows/subgraphs.yml', subgraphs, []],
    ['contracts/supergraph.graphql', [], []],
    ['contracts/operations/admin.graphql', [], []],
    ['scripts/e2e/v1.test.ts', [], []],
    ['router/src/router.ts', [], []],
    ['README.md', [], []],
    ['subgraphs/gone/schema.graphql', [], []],
    ['subgraphs/ordersome/src/a.ts', [], []],
  ])('%s', (path, suites, schemas) => {
    expect(touched(path)).toEqual({ suites, schemas });
  });

  test('of several paths each counts', () => {
    expect(touched('subgraphs/users/schema.graphql', 'README.md', 'subgraphs/images/src/a.ts')).toEqual({
      suites: ['images', 'users'],
      schemas: ['users'],
    });
  });

  test('where it is unknown what changed, everything is tested and nothing shipped', () => {
    expect(touchedBy({ kind: 'unknown', reason: 'no base', subgraphs })).toEqual({
      suites: subgraphs,
      schemas: [],
    });
  });

  test('whatever of contracts a subgraph imports touches all', () => {
    const files = globSync('subgraphs/*/{src,test}/**/*.ts', { cwd: root });
    const modules = files.flatMap((file) =>
      importsOf(readFileSync(join(root, file), 'utf8')).map(({ module }) => module),
    );
    const imported = modules.filter((module) => module.startsWith('@shop/contracts/'));
    expect(imported).toContain('@shop/contracts/errors');
    for (const module of new Set(imported)) {
      const path = `${module.replace('@shop/', '').replace(/\.ts$/, '')}.ts`;
      expect(touched(path).suites, path).toEqual(subgraphs);
    }
  });
});

describe('what changed since a base', () => {
  let repository: TestRepository;
  let base: string;
  beforeAll(() => {
    repository = createRepository(join(mkdtempSync(join(tmpdir(), 'shop-touched-')), 'repository'));
    const text = 'the same long text in both places, so that git could take it for one that was moved\n';
    base = repository.commit({
      'subgraphs/orders/schema.graphql': 'type Query',
      'subgraphs/users/schema.graphql': 'type Query',
      'subgraphs/users/src/rule.ts': text,
      'subgraphs/shared/src/a.ts': '',
    });
    repository.git('branch', 'before', base);
    // What others merge meanwhile is not of this change.
    repository.git('checkout', '--quiet', '-b', 'others', base);
    repository.commit({ 'subgraphs/shared/src/a.ts': 'changed' });
    repository.git('checkout', '--quiet', '-b', 'change', base);
    repository.git('rm', '--quiet', 'subgraphs/users/src/rule.ts');
    repository.commit({ 'subgraphs/orders/src/rule.ts': text, 'docs/naïve "name"\n.md': '' });
  });
  afterAll(() => rmSync(dirname(repository.root), { recursive: true, force: true }));

  test.each(['before', 'others'])('is told from where HEAD left %s', (revision) => {
    const change = readChange(repository.root, revision);
    expect(change).toEqual({
      kind: 'known',
      subgraphs: ['orders', 'users'],
      paths: ['docs/naïve "name"\n.md', 'subgraphs/orders/src/rule.ts', 'subgraphs/users/src/rule.ts'],
    });
    expect(touchedBy(change)).toEqual({ suites: ['orders', 'users'], schemas: [] });
  });

  test('is unknown where the base is, such as that of the first push of a branch', () => {
    expect(readChange(repository.root, '0'.repeat(40))).toEqual({
      kind: 'unknown',
      reason: `git knows no commit ${'0'.repeat(40)}`,
      subgraphs: ['orders', 'users'],
    });
  });
});
