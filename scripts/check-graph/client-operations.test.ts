import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { buildSchema, Kind, parse, TokenKind } from 'graphql';
import { expect, test } from 'vitest';
import { apiSdlOf } from '../compose/compose-public.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { entitiesOf, stubsIn } from './lint/entities.ts';
import { namedTypeOf, typesWithFields } from './lint/subgraph-schema.ts';
import { usesOfOperation } from './operation-uses.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'contracts/operations');
const api = buildSchema(apiSdlOf(readFileSync(join(root, 'contracts/supergraph.graphql'), 'utf8')));
const used = new Set(readClientOperations(folder).flatMap(({ body }) => [...usesOfOperation(api, body)]));

/** What a subgraph adds to the graph's edge: root fields, and fields over which a query leaves a subgraph. */
const fieldsOfSubgraphs = crossingFields();

test('some client operation uses every root field, and every field that leads to another subgraph', () => {
  const all = fieldsOfSubgraphs.flatMap(({ fields }) => fields);
  expect(all).toEqual(
    expect.arrayContaining([
      'Query.me',
      'Mutation.placeOrder',
      'Order.user',
      'Product.images',
      'User.orders',
    ]),
  );
  // A new subgraph may be there before its first client.
  const inUse = fieldsOfSubgraphs.filter(({ fields }) => fields.some((field) => used.has(field)));
  expect(inUse.length).toBeGreaterThanOrEqual(4);
  expect(inUse.flatMap(({ fields }) => fields).filter((field) => !used.has(field))).toEqual([]);
});

test('a comment line right above an operation says what it is for', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const silent = files
    .filter((file) => file.endsWith('.graphql') && file !== 'v1-operations.graphql')
    .flatMap((file) => {
      const { definitions } = parse(readFileSync(join(folder, file), 'utf8'));
      return definitions.flatMap((each) => {
        if (each.kind !== Kind.OPERATION_DEFINITION) return [];
        const start = each.loc?.startToken;
        const isSaid = start?.prev?.kind === TokenKind.COMMENT && start.prev.line === start.line - 1;
        return isSaid ? [] : [`${file}: ${each.name?.value}`];
      });
    });
  expect(silent).toEqual([]);
});

/** By subgraph: its root fields, its references to entities of others, and what it adds to those. */
function crossingFields(): { fields: string[] }[] {
  const { subgraphs } = readSupergraphConfig(join(root, 'supergraph.yaml'));
  const schemas = subgraphs.map((subgraph) => ({ ...subgraph, document: parse(subgraph.sdl) }));
  const entities = entitiesOf(schemas);
  return schemas.map((schema) => {
    const stubs = new Map(stubsIn(schema, entities).map(([{ name }, { repeated }]) => [name, repeated]));
    const fields = typesWithFields(schema).flatMap((type) =>
      (type.fields ?? []).flatMap((field) => {
        const isRoot = ['Query', 'Mutation'].includes(type.name.value);
        const repeated = stubs.get(type.name.value);
        const isAdded = repeated !== undefined && !repeated.has(field.name.value);
        const isReference = stubs.has(namedTypeOf(field.type));
        return isRoot || isAdded || isReference ? [`${type.name.value}.${field.name.value}`] : [];
      }),
    );
    return { fields };
  });
}
