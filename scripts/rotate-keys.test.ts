import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { silentLog } from '@shop/shared/process/log';
import { openSigningKeys } from '@shop/users/signing-keys';
import { afterAll, expect, test } from 'vitest';
import { endAllShops, spawnScript, temporaryFolder } from './e2e/shop-process.ts';

const secret = 'a secret of the tests of keys:rotate';

afterAll(endAllShops);

async function rotate(args: string[], variables: Record<string, string>) {
  const child = spawnScript(['scripts/rotate-keys.ts', ...args], variables);
  return { exitCode: await child.exited, output: child.output() };
}

async function kidsIn(folder: string): Promise<unknown[]> {
  const documents = openEmbeddedDocuments({ file: join(folder, 'shop_users.sqlite') });
  const options = { clock: () => new Date(), secrets: [secret], log: silentLog };
  const keys = await openSigningKeys(documents, options);
  await documents.close();
  return keys.published().keys.map(({ kid }) => kid);
}

test('it stores the next key once, and says when what happens', async () => {
  const folder = temporaryFolder();
  const [first] = await kidsIn(folder);
  const variables = { DATA_DIR: folder, KEYS_SECRET: secret };
  const done = await rotate([], variables);
  expect(done).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/signs from \d{4}-.*retire at \d{4}-/),
  });
  const [again, next, ...others] = await kidsIn(folder);
  expect([again, others]).toEqual([first, []]);
  expect(done.output).toContain(next);
  const repeated = await rotate([], variables);
  expect(repeated).toMatchObject({ exitCode: 0, output: expect.stringContaining('nothing is changed') });
  expect(await kidsIn(folder)).toEqual([first, next]);
});

test('after a leak there is one key, another one', async () => {
  const folder = temporaryFolder();
  const [first] = await kidsIn(folder);
  const { exitCode } = await rotate(['--leaked'], { DATA_DIR: folder, KEYS_SECRET: secret });
  expect(exitCode).toBe(0);
  const kids = await kidsIn(folder);
  expect(kids).toHaveLength(1);
  expect(kids).not.toContain(first);
});

test('what cannot work is said, and changes nothing', async () => {
  const folder = temporaryFolder();
  const before = await kidsIn(folder);
  const other = await rotate([], {
    DATA_DIR: folder,
    KEYS_SECRET: 'another secret of at least 32 characters',
  });
  expect(other).toMatchObject({ exitCode: 1, output: expect.stringContaining('KEYS_SECRET') });
  const none = await rotate([], { DATA_DIR: folder });
  expect(none).toMatchObject({ exitCode: 1, output: expect.stringContaining('keys-secret') });
  expect(await rotate(['now'], { DATA_DIR: folder })).toMatchObject({ exitCode: 2 });
  expect(await kidsIn(folder)).toEqual(before);
  rmSync(join(folder, 'shop_users.sqlite'));
  const empty = await rotate([], { DATA_DIR: folder, KEYS_SECRET: secret });
  expect(empty).toMatchObject({ exitCode: 1, output: expect.stringContaining('no key yet') });
});
