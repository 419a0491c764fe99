import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusedBy, sentToday } from './client-operations.ts';
import { describeReleases, releases, root, unpackWithinMs } from './describe-mixes.ts';
import { composeTrees } from './mixed-shop.ts';
import { treesOf } from './mixes.ts';
import { loadPartCode } from './part-code.ts';

const current = new Map([['orders', root]]);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A tree of which only the schema of Orders is there, changed. */
function ordersWith(change: (sdl: string) => string): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-tree-'));
  folders.push(folder);
  mkdirSync(join(folder, 'subgraphs/orders'), { recursive: true });
  const file = 'subgraphs/orders/schema.graphql';
  const before = readFileSync(join(root, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, file), after);
  return new Map([['orders', folder]]);
}

const withoutTotal = (sdl: string) => sdl.replace(/^ {2}total:/m, '  sum:');

describe('a subgraph that must not be deployed alone', () => {
  test('takes a field away that clients ask for: each of their operations is named', () => {
    const operations = sentToday(root, composeTrees(root, current));
    const without = ordersWith(withoutTotal);
    const refused = refusedBy(composeTrees(root, without), operations);
    expect(refused.map(({ name }) => name)).toContain('OrderPage');
    for (const { message } of refused) expect(message).toMatch(/total/);
  });

  test('does not compose with the others: composition says where', () => {
    const other = ordersWith((sdl) => sdl.replace(/extend type User|type User/, 'interface User'));
    expect(() => composeTrees(root, other)).toThrow(/subgraphs\/orders\/schema.graphql/);
  });
});

test('an operation that the releases do not serve is not asked of a mix', () => {
  const without = ordersWith(withoutTotal);
  const names = sentToday(root, composeTrees(root, without)).map(({ name }) => name);
  expect(names).not.toContain('OrderPage');
  expect(names).toContain('Products');
});

describeReleases('an unpacked release', () => {
  let folder: string;
  beforeAll(async () => {
    const trees = await treesOf(root, new Set(releases.map(({ name }) => name)));
    folder = trees.get('orders') ?? root;
  }, unpackWithinMs);

  test('runs its own code on its own shared', async () => {
    const [released, here] = await Promise.all([folder, root].map((tree) => loadPartCode(tree, 'orders')));
    for (const [what, value] of Object.entries(released ?? {})) {
      expect(value, what).toBeTypeOf('function');
      expect(value, what).not.toBe(Object(here)[what]);
    }
  });

  test('has the versions of packages that its package.json asks for', () => {
    for (const part of ['shared', 'orders']) {
      const manifest = join(folder, 'subgraphs', part, 'package.json');
      const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        dependencies: Record<string, string>;
      };
      for (const [name, version] of Object.entries(dependencies)) {
        const link = join(folder, 'subgraphs', part, 'node_modules', name);
        const found = JSON.parse(readFileSync(join(link, 'package.json'), 'utf8')) as { version: string };
        if (version.startsWith('workspace:')) expect(realpathSync(link)).toContain(realpathSync(folder));
        else expect(`${name}@${found.version}`).toBe(`${name}@${version}`);
      }
    }
  });
});
