import { type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';
import type { Finding } from '../finding.ts';
import { type Entities, stubsIn } from './entities.ts';
import { errorAt, namedTypeOf, type SubgraphSchema, typesWithFields } from './subgraph-schema.ts';

/**
 * CROSS_SUBGRAPH_NON_NULL: what comes from another subgraph than its parent is nullable, so that a subgraph that is away
 * costs its own fields and not their parents. That is a reference to an entity of another subgraph, with every list's
 * items, and a field that a subgraph adds to such an entity; the items of a list so added come all or none, and may
 * be non-null.
 */
export function lintCrossSubgraphNulls(
  schemas: readonly SubgraphSchema[],
  entities: Entities,
): readonly Finding[] {
  return schemas.flatMap((schema) => lintSchema(schema, entities));
}

/** By the name of an entity in a subgraph that does not own it: the subgraph that does, and the fields that are its. */
type Foreign = ReadonlyMap<string, { readonly owner: string; readonly fields: ReadonlySet<string> }>;

function lintSchema(schema: SubgraphSchema, entities: Entities): readonly Finding[] {
  const foreign = foreignIn(schema, entities);
  const targets = targetsIn(schema, foreign);
  const judge = (parent: string, { name, type }: FieldDefinitionNode): Finding[] => {
    const extended = foreign.get(parent);
    if (extended?.fields.has(name.value)) return [];
    const coordinate = `${parent}.${name.value}`;
    const error = (why: string) =>
      errorAt(schema, name, {
        code: 'CROSS_SUBGRAPH_NON_NULL',
        message: `${coordinate} must be nullable: ${why}.`,
        coordinate,
      });
    const target = targets.get(namedTypeOf(type));
    if (target && hasNonNull(type)) {
      return [error(`${target} answers it and may be away, all of it or an item of a list`)];
    }
    return extended && type.kind === Kind.NON_NULL_TYPE
      ? [error(`${schema.name} may be away, and ${parent} is of ${extended.owner}`)]
      : [];
  };
  return typesWithFields(schema).flatMap((type) =>
    (type.fields ?? []).flatMap((field) => judge(type.name.value, field)),
  );
}

function foreignIn(schema: SubgraphSchema, entities: Entities): Foreign {
  return new Map(
    stubsIn(schema, entities).flatMap(([{ name, owner }, { repeated }]) => {
      if (!owner) return [];
      const fields = new Set([...repeated, ...owner.fields.map((field) => field.name.value)]);
      return [[name, { owner: owner.schema.name, fields }] as const];
    }),
  );
}

/** The types whose objects may be entities of others: these entities, their unions and their interfaces. */
function targetsIn(schema: SubgraphSchema, foreign: Foreign): ReadonlyMap<string, string> {
  const targets = new Map([...foreign].map(([name, { owner }]) => [name, owner]));
  for (const node of schema.document.definitions) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_EXTENSION) {
      for (const { name } of node.types ?? []) {
        const owner = foreign.get(name.value)?.owner;
        if (owner !== undefined) targets.set(node.name.value, owner);
      }
    }
  }
  for (const { name, interfaces = [] } of typesWithFields(schema)) {
    const owner = foreign.get(name.value)?.owner;
    if (owner !== undefined) for (const each of interfaces) targets.set(each.name.value, owner);
  }
  return targets;
}

/** Whether anything of the type is non-null: itself or, in a list, an item. */
function hasNonNull(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return true;
  return type.kind === Kind.LIST_TYPE && hasNonNull(type.type);
}
