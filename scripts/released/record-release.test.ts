import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordRelease } from './record-release.ts';
import { readReleases } from './releases.ts';
import { createRepository, type TestRepository } from './test-repository.ts';

let folder: string;
let shop: TestRepository;
let ready: string;
const old = 'a'.repeat(40);
const releases = (ordersVersion: string) =>
  `{
  "users": { "version": "0.1.0", "commit": "${old}" },
  "orders": { "version": "${ordersVersion}", "commit": "${old}" },
  "images": { "version": "0.1.0", "commit": "${old}" }
}
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-record-'));
  shop = createRepository(join(folder, 'shop'));
  ready = shop.commit({
    'contracts/releases.json': releases('0.9.0'),
    'subgraphs/orders/package.json': '{ "version": "0.10.0" }',
    'subgraphs/reviews/package.json': '{ "version": "0.1.0" }',
  });
});
beforeEach(() => {
  shop.git('reset', '--hard', '--quiet', ready);
  shop.git('clean', '-d', '--force', '--quiet');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the commit that is checked out, under the version of package.json; the others stay', () => {
  const release = { name: 'orders', version: '0.10.0', commit: ready };
  expect(recordRelease(shop.root, 'orders')).toEqual({ kind: 'recorded', release });
  expect(readFileSync(join(shop.root, 'contracts/releases.json'), 'utf8')).toBe(
    releases('0.10.0').replace(`"0.10.0", "commit": "${old}"`, `"0.10.0", "commit": "${ready}"`),
  );
});

test('the first release of a subgraph', () => {
  recordRelease(shop.root, 'reviews');
  expect(readReleases(shop.root).map(({ name }) => name)).toEqual(['users', 'orders', 'images', 'reviews']);
});

test('refused while a file is changed: what was deployed is in no commit', () => {
  writeFileSync(join(shop.root, 'new-file'), '');
  expect(recordRelease(shop.root, 'orders')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('new-file'),
  });
});

test.each(['0.10.0', '0.11.0', '1.0.0'])(
  'refused when %s is recorded: a version means one commit',
  (version) => {
    shop.commit({ 'contracts/releases.json': releases(version) });
    expect(recordRelease(shop.root, 'orders')).toMatchObject({ kind: 'refused' });
    expect(readReleases(shop.root).find(({ name }) => name === 'orders')?.version).toBe(version);
  },
);

test('a record that names half a commit is refused with its place', () => {
  shop.commit({ 'contracts/releases.json': '{ "orders": { "version": "0.1.0", "commit": "f83f2d6" } }' });
  expect(() => readReleases(shop.root)).toThrow(/releases\.json[\s\S]*orders\.commit/);
});
