import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topics } from '@shop/contracts/events/topics.ts';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const section = (title: string) => operations.split(/^## /m).find((each) => each.startsWith(title)) ?? '';

const sources = ['router/src', 'subgraphs']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('node_modules'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

test('every alarm that docs/operations.md explains is one that a part can write', () => {
  const messages = [...section('Alarms').matchAll(/^\| `([^`]+)` \|/gm)].flatMap(
    ([, message]) => message ?? [],
  );
  expect(messages.length).toBeGreaterThan(10);
  expect(messages.filter((message) => !sources.includes(message))).toEqual([]);
});

test('the groups to watch are those that the subgraphs subscribe, the partitions those of the topics', () => {
  const groups = [...section('What to watch').matchAll(/`(\w[\w-]*)` \(/g)].flatMap(
    ([, group]) => group ?? [],
  );
  expect(groups.sort()).toEqual(['orders', 'products', 'products-dlq']);
  for (const group of groups) expect(sources).toContain(`group: '${group}'`);
  expect(topics.orders.partitions).toBe(6);
  expect(operations).toContain('six partitions');
});

test('every npm command in it is one of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = [...operations.matchAll(/npm run ([\w:]+)/g)].flatMap(([, name]) => name ?? []);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
