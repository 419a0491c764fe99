import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readClientOperations } from '@shop/router/client-operations';
import { manifestOf } from '@shop/router/operation-manifest';
import { parse, print } from 'graphql';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'operations-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Manifest {
  operations: { id: string; name: string; type: string; body: string }[];
}

/** What rover makes of a folder of operations; it needs no network for that. */
async function roverManifest(of: string): Promise<Manifest> {
  const args = ['persisted-queries', 'generate', '--skip-update-check', '--root-dir', of];
  args.push('--include', '**/*.graphql', '--exclude', 'internal/**');
  const env = { APOLLO_TELEMETRY_DISABLED: '1', HOME: process.env.HOME ?? '/' };
  const rover = join(root, 'node_modules/.bin/rover');
  const { stdout } = await promisify(execFile)(rover, args, { env, timeout: 30_000 });
  return JSON.parse(stdout);
}

/** Rover writes long arguments on one line and block strings as others; graphql-js does not. */
function asWePrint({ operations, ...rest }: Manifest): Manifest {
  const printed = operations.map(({ name, type, body: theirs }) => {
    const body = print(parse(theirs));
    return { id: createHash('sha256').update(body).digest('hex'), name, type, body };
  });
  return { ...rest, operations: printed };
}

const ourManifest = (of: string): Manifest => JSON.parse(manifestOf(readClientOperations(of)));

test('the manifest of the operations of clients is what rover makes of them', async () => {
  const theirs = await roverManifest(join(root, 'contracts/operations'));
  const ours = ourManifest(join(root, 'contracts/operations'));
  expect(ours).toEqual(asWePrint(theirs));
  const sameText = theirs.operations.filter(({ body }) => print(parse(body)) === body);
  expect(ours.operations).toEqual(expect.arrayContaining(sameText));
  expect(sameText.length).toBeGreaterThan(ours.operations.length / 2);
});

test('so it is with fragments, comments, folders, several operations of a file and other kinds', async () => {
  cpSync(join(root, 'contracts/operations/internal'), join(folder, 'internal'), { recursive: true });
  cpSync(join(root, 'contracts/operations/storefront.graphql'), join(folder, 'deep/er/storefront.graphql'));
  writeFileSync(
    join(folder, 'mixed.graphql'),
    `# of no account
     fragment Z on User { __typename ...A } fragment Unused on User { x }
     query Two($id: ID! = "x" @foo) @live { user(id: $id) { ...Z ... on User { n(b: "x\\u00e9\\"", c: [1, 2], d: {e: F}) } } }
     fragment A on User { _id, ...C }
     subscription Sub { s: thing { ...C } } mutation One { one }
     fragment C on User { c }`,
  );
  const ours = ourManifest(folder);
  expect(ours.operations.map(({ name }) => name)).toEqual(expect.arrayContaining(['Two', 'Sub', 'One']));
  expect(ours).toEqual(asWePrint(await roverManifest(folder)));
});
