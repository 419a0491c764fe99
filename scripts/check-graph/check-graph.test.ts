import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkGraph } from './check-graph.ts';
import { readGraphExample } from './graph-example.ts';

const examples = join(import.meta.dirname, '../../contracts/graph-examples');
const { input } = readGraphExample(join(examples, 'refused/FIELD_REMOVED-subgraph.yaml'));

test('the same input has the same verdict', async () => {
  expect(await checkGraph(input)).toEqual(await checkGraph(input));
});

test('a change knows which subgraphs define what it is about, though one of them be gone', async () => {
  const { changes } = await checkGraph(input);
  expect(changes).toMatchObject([{ coordinate: 'Product.left', subgraphs: ['stock'], seenIn: 'both' }]);
});

test('what comes with something new is not listed on its own', async () => {
  const codesOf = async (name: string) => {
    const { input: example } = readGraphExample(join(examples, `accepted/${name}.yaml`));
    return (await checkGraph(example)).changes.map(({ code, coordinate }) => `${code} ${coordinate}`);
  };
  expect(await codesOf('TYPE_ADDED')).toEqual(['TYPE_ADDED Seller', 'FIELD_ADDED Query.sellers']);
  expect(await codesOf('ENUM_VALUE_ADDED')).toEqual(['ENUM_VALUE_ADDED Sort.CHEAPEST']);
  expect(await codesOf('FIELD_ARGUMENT_ADDED-default')).toEqual([
    'FIELD_ARGUMENT_ADDED Query.products(first:)',
  ]);
  expect(await codesOf('DIRECTIVE_ADDED')).toEqual(['DIRECTIVE_ADDED @live']);
  expect(await codesOf('FIELD_DEPRECATION_ADDED')).toEqual(['FIELD_DEPRECATION_ADDED Product.price']);
  expect(await codesOf('FIELD_DEPRECATION_REASON_CHANGED')).toEqual([
    'FIELD_DEPRECATION_REASON_CHANGED Product.price',
  ]);
});

test('a base that is no supergraph cannot be compared with, and that is not taken for no change', async () => {
  for (const baseSupergraphSdl of ['type Query { a: Int }', 'no schema', '']) {
    const { ok, findings } = await checkGraph({ ...input, baseSupergraphSdl });
    expect(ok).toBe(false);
    expect(findings.map(({ code }) => code)).toContain('INVALID_BASE');
  }
});

test('what it composes is what the router serves and what clients see', async () => {
  const example = readGraphExample(join(examples, 'accepted/FIELD_REMOVED-becomes-internal.yaml'));
  const { composed, plans } = await checkGraph(example.input);
  expect(composed?.supergraphSdl).toContain('@join__graph(name: "shop"');
  expect(composed?.internalApiSdl).toContain('price: Int');
  expect(composed?.publicApiSdl).not.toContain('price: Int');
  expect(plans.map(({ operation, fetches }) => [operation.name, fetches])).toEqual([
    ['Products', 1],
    ['Prices', 1],
  ]);
});

test('a problem of the composition that Apollo gives no place is at the definitions that it names', async () => {
  const places = async (name: string) => {
    const { input: broken } = readGraphExample(join(examples, `refused/${name}.yaml`));
    return (await checkGraph(broken)).findings.map(({ locations }) => locations);
  };
  expect(await places('SATISFIABILITY_ERROR')).toEqual([['stock.graphql:6:3']]);
  expect(await places('REFERENCED_INACCESSIBLE')).toEqual([['shop.graphql:2:6', 'shop.graphql:10:3']]);
});
