import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ObjectServer, startObjectServer } from './test/object-server.ts';

// The verbs as a team runs them, one after the other on one store: a server that wants a token.
const root = join(import.meta.dirname, '../..');
const token = 'opensesame';
/** Each test starts processes that compose and check the whole graph. */
const timeoutMs = 120_000;

let folder: string;
let server: ObjectServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'publish-cli-'));
  server = await startObjectServer({ token });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

function run(
  verb: 'publish-subgraph' | 'supergraph',
  args: string[],
  variables: Record<string, string> = {},
) {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, SUPERGRAPH_STORE: server.url, SUPERGRAPH_STORE_TOKEN: token, ...variables };
  const script = join(root, `scripts/${verb}.ts`);
  const flags = ['--disable-warning=ExperimentalWarning', script, ...args];
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, flags, { cwd: root, env, timeout: timeoutMs / 2 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const publish = (...args: string[]) => run('publish-subgraph', args);
const supergraph = (...args: string[]) => run('supergraph', args);
const served = () => server.objects.get('bucket/shop/supergraph.graphql');

/** A file with the schema of orders, changed. */
function ordersSchema(change: (schema: string) => string): string {
  const schema = readFileSync(join(root, 'subgraphs/orders/schema.graphql'), 'utf8');
  const file = join(folder, 'orders.graphql');
  writeFileSync(file, change(schema));
  return file;
}

test('a store begins with all subgraphs, and serves what contracts/ has', {
  timeout: timeoutMs,
}, async () => {
  expect(await publish('--all')).toMatchObject({ code: 2, err: expect.stringContaining('--new-store') });
  const done = await publish('--all', '--new-store', '--by', 'Ada');
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^Published .*: publish .*orders/m) });
  const committed = readFileSync(join(root, 'contracts/supergraph.graphql'), 'utf8');
  expect(served()?.split('\n').slice(3).join('\n')).toBe(committed);
  expect(await publish('--all')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nothing to publish/),
  });
});

test('one subgraph is published, told in the history, and rolled back', { timeout: timeoutMs }, async () => {
  const added = `type Wish { "What for." text: String }
    extend type Query { "What somebody wishes." wish: Wish }`;
  const schema = ordersSchema((text) => `${text}\n"A wish."\n${added}\n`);
  const done = await publish(
    'orders',
    '--schema',
    schema,
    '--routing-url',
    'http://orders.test/graphql',
    '--by',
    'Grace',
  );
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(served()).toContain('type Wish');
  expect(served()).toContain('http://orders.test/graphql');
  const { out } = await supergraph('history');
  const lines = out.trim().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/ {2}Grace: publish orders$/),
    expect.stringMatching(/ {2}Ada: publish /),
  ]);
  const first = lines[1]!.split(' ')[0]!;
  const shown = await supergraph('show', first, '--json');
  expect(JSON.parse(shown.out)).toMatchObject({ id: first, by: 'Ada', parent: null });
  expect(await supergraph('rollback', first, '--by', 'Ada')).toMatchObject({ code: 0, err: '' });
  expect(served()).not.toContain('type Wish');
});

test('what breaks a client is refused and named', { timeout: timeoutMs }, async () => {
  const before = served();
  const refused = await publish(
    'orders',
    '--schema',
    ordersSchema((text) => text.replace('  placeOrder(', '  placeAnOrder(')),
  );
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/^FIELD_REMOVED: .*placeOrder/m);
  expect(refused.err).toMatch(/Not published/);
  expect(served()).toBe(before);
});

test('who was overtaken is told so by code 3', { timeout: timeoutMs }, async () => {
  const url = ['--routing-url', 'http://orders.test/other'];
  // Three that prove the conditions, the entry, and then the supergraph.
  server.befall('PUT', null, null, null, null, { status: 412 });
  const overtaken = await publish(
    'orders',
    '--schema',
    join(root, 'subgraphs/orders/schema.graphql'),
    ...url,
  );
  expect(overtaken).toMatchObject({ code: 3, err: expect.stringMatching(/publish again.*Ada published/i) });
});

test('no failure prints the token', { timeout: timeoutMs }, async () => {
  const wrong = await run('supergraph', ['history'], { SUPERGRAPH_STORE_TOKEN: 'opensesamelocked' });
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('SUPERGRAPH_STORE_TOKEN') });
  expect(wrong.out + wrong.err).not.toContain('opensesame');
});

test('arguments that make no sense end with code 2', { timeout: timeoutMs }, async () => {
  expect(await publish('orders')).toMatchObject({ code: 2, err: expect.stringContaining('Usage:') });
  expect(await supergraph('rollback', '../secret')).toMatchObject({
    code: 2,
    err: expect.stringContaining('is no ID'),
  });
  expect(await publish('orders', '--schema', '/nowhere')).toMatchObject({
    code: 1,
    err: expect.stringContaining('/nowhere'),
  });
});
