import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Kind, parse, print } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeSupergraph } from '../compose/compose-supergraph.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const config = readSupergraphConfig(at('supergraph.yaml'));
const introspected = new Map<string, string>();

let shop: InProcessShop;
beforeAll(async () => {
  shop = await startInProcessShop({ allowDirect: true });
  for (const { name } of config.subgraphs) introspected.set(name, await introspect(name));
});
afterAll(() => shop.close());

/** What the running subgraph says its schema is: rover asks `_service { sdl }`, as Apollo's other tools do. */
async function introspect(name: string): Promise<string> {
  const { url } = shop.subgraphs[name as keyof InProcessShop['subgraphs']];
  const args = ['subgraph', 'introspect', '--skip-update-check', `${url}/graphql`];
  const env = { APOLLO_TELEMETRY_DISABLED: '1', HOME: process.env.HOME ?? '/' };
  const { stdout } = await promisify(execFile)(at('node_modules/.bin/rover'), args, { env, timeout: 30_000 });
  return stdout;
}

/** Every definition of a schema, one by one, but for what federation itself brings along. */
function definitionsOf(sdl: string): string[] {
  const own = parse(sdl, { noLocation: true }).definitions.filter((definition) => {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) return false;
    if (definition.kind === Kind.OBJECT_TYPE_EXTENSION)
      return !definition.fields?.every(({ name }) => /^_(entities|service)$/.test(name.value));
    const name = 'name' in definition ? definition.name?.value : undefined;
    return name === undefined || !/^(link__|federation__|_)/.test(name);
  });
  return own.map((definition) => print(definition)).sort();
}

test('every subgraph of the supergraph runs, and was asked', () => {
  expect([...introspected.keys()].sort()).toEqual(Object.keys(shop.subgraphs).sort());
});

test.each(config.subgraphs)('what rover introspects of $name is its committed schema', ({ name, sdl }) => {
  const committed = definitionsOf(sdl);
  expect(committed.join()).toContain('type Query');
  expect(definitionsOf(introspected.get(name) ?? '')).toEqual(committed);
});

test('what rover introspects of the running subgraphs composes to the committed supergraph', () => {
  const subgraphs = config.subgraphs.map((each) => ({ ...each, sdl: introspected.get(each.name) ?? '' }));
  expect(composeSupergraph({ ...config, subgraphs })).toMatchObject({
    kind: 'composed',
    supergraphSdl: readFileSync(at('contracts/supergraph.graphql'), 'utf8'),
  });
});
