import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readClientOperations } from '@shop/router/client-operations';
import { type KnownDocument, manifestOf } from '@shop/router/operation-manifest';
import { Kind, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subgraphNames } from '../start/subgraph-names.ts';
import { freePorts } from './free-ports.ts';
import { endAllShops, spawnStart, temporaryFolder } from './shop-process.ts';

const folder = new URL('../../contracts/operations/', import.meta.url);
const manifest: { operations: KnownDocument[] } = JSON.parse(
  readFileSync(new URL('manifest.json', folder), 'utf8'),
);
const startsWithinMs = 50_000;
let url: string;

beforeAll(async () => {
  const port = await freePorts(1 + subgraphNames.length);
  const child = spawnStart([], {
    PORT: `${port}`,
    DATA_DIR: temporaryFolder(),
    LOG_LEVEL: 'warn',
    API_SECRET: 'a secret of the end-to-end tests',
    TRUSTED_DOCUMENTS: 'enforce',
  });
  url = `http://127.0.0.1:${port}/graphql`;
  const deadline = Date.now() + startsWithinMs;
  while (!child.output().includes('The shop answers at')) {
    if (child.process.exitCode !== null || Date.now() > deadline) throw new Error(child.output());
    await sleep(20);
  }
}, startsWithinMs + 10_000);
afterAll(endAllShops);

interface Reply {
  status: number;
  data?: Record<string, unknown[]>;
  errors?: { extensions: { code: string } }[];
}

async function send(request: unknown): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  return { ...((await response.json()) as object), status: response.status };
}

test('the manifest lists every public operation of the shop', () => {
  expect(manifestOf(readClientOperations(folder.pathname))).toBe(`${JSON.stringify(manifest, null, 2)}\n`);
  expect(manifest.operations.length).toBeGreaterThan(9);
});

test('clients of the first API send their words as ever', async () => {
  const text = readFileSync(new URL('v1-operations.graphql', folder), 'utf8');
  const operations = parse(text).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  expect(operations).toHaveLength(9);
  for (const { loc } of operations) {
    const { status, errors = [] } = await send({ query: text.slice(loc?.start, loc?.end) });
    expect(status).toBe(200);
    // What needs credentials says so; nothing is refused for its text.
    for (const { extensions } of errors) expect(extensions.code).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/);
  }
});

test.each(manifest.operations)('$name runs by its id', async ({ id, body }) => {
  const reply = await send({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });
  const codes = reply.errors?.map(({ extensions }) => extensions.code) ?? [];
  // Without its variables an operation is refused where it needs some, after its document was found.
  if (body.includes('$')) expect(codes).not.toContain('PERSISTED_QUERY_NOT_IN_LIST');
  else expect(reply.status).toBe(200);
});

test('the demo catalogue is in, and nothing else than what is listed can be asked', async () => {
  const products = manifest.operations.find(({ name }) => name === 'Products');
  expect((await send({ documentId: products?.id })).data?.products?.length).toBeGreaterThanOrEqual(50);
  for (const query of ['{ products { name } }', '{ __schema { types { name } } }'])
    expect(await send({ query })).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }],
    });
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  expect(metrics).toMatch(/^shop_router_documents_total{trust="refused"} [1-9]/m);
});
