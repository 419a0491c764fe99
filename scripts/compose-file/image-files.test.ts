import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, matchesGlob, relative } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf } from '../check/imports.ts';

const root = dirname(dirname(import.meta.dirname));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const require = createRequire(join(root, 'package.json'));

/** The rules of .dockerignore in their order: of those that match a path or a folder above it, the last one decides. */
const rules = read('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ isKept: line.startsWith('!'), glob: line.replace(/^!/, '') }));

function isSent(path: string): boolean {
  const parts = path.split('/');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return rules.findLast(({ glob }) => paths.some((each) => matchesGlob(each, glob)))?.isKept ?? true;
}

/** What the last stage of the Dockerfile copies out of what it is sent. */
const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(\S+) \S+$/gm)].map(([, path = '']) => path);
const isCopied = (path: string) => copied.some((each) => path === each || path.startsWith(`${each}/`));

/** Every file of ours that is loaded when this one is, itself included. */
function filesBehind(entry: string): Set<string> {
  const found = new Set([entry]);
  for (const path of found) {
    for (const { module } of importsOf(read(path))) {
      if (module.startsWith('.')) found.add(join(dirname(path), module));
      if (module.startsWith('@shop/')) found.add(relative(root, require.resolve(module)));
    }
  }
  return found;
}

test.each(['scripts/start.ts', 'scripts/seed.ts'])('the image has all that %s loads', (entry) => {
  const files = [...filesBehind(entry)];
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((path) => !isSent(path) || !isCopied(path))).toEqual([]);
});

test('the image has what is read at the start, and neither tests nor tools', () => {
  for (const path of ['supergraph.yaml', 'contracts/supergraph.graphql', 'subgraphs/users/schema.graphql'])
    expect({ path, isSent: isSent(path), isCopied: isCopied(path) }).toMatchObject({
      isSent: true,
      isCopied: true,
    });
  for (const path of [
    'scripts/test.ts',
    'scripts/e2e/client.ts',
    'subgraphs/users/test/a.ts',
    'router/src/a.test.ts',
  ])
    expect({ path, isSent: isSent(path) }).toMatchObject({ isSent: false });
  for (const path of ['.env', '.git/config', 'subgraphs/users/node_modules/a/index.js', 'router/.env'])
    expect({ path, isSent: isSent(path) }).toMatchObject({ isSent: false });
});
