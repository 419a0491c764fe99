import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeSupergraph } from '../compose/compose-supergraph.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let shop: InProcessShop;
beforeAll(async () => {
  shop = await startInProcessShop();
});
afterAll(() => shop.close());

/** What the running subgraph says its schema is: rover asks `_service { sdl }`, as Apollo's other tools do. */
async function introspect(name: string): Promise<string> {
  const { url } = shop.subgraphs[name as keyof InProcessShop['subgraphs']];
  const args = ['subgraph', 'introspect', `${url}/graphql`];
  const env = { APOLLO_TELEMETRY_DISABLED: '1', HOME: process.env.HOME ?? '/' };
  const { stdout } = await promisify(execFile)(at('node_modules/.bin/rover'), args, { env, timeout: 30_000 });
  return stdout;
}

test('what rover introspects of the running subgraphs composes to the committed supergraph', async () => {
  const config = readSupergraphConfig(at('supergraph.yaml'));
  const subgraphs = await Promise.all(
    config.subgraphs.map(async (subgraph) => ({ ...subgraph, sdl: await introspect(subgraph.name) })),
  );
  const composition = composeSupergraph({ ...config, subgraphs });
  expect(composition).toMatchObject({
    kind: 'composed',
    supergraph: readFileSync(at('contracts/supergraph.graphql'), 'utf8'),
  });
});
