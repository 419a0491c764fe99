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

function lintSchema(schema: SubgraphSchema, entities: Entities): readonly Finding[] {
  const foreign = new Map(
    stubsIn(schema, entities)
      .filter(([{ owner }]) => owner)
      .map(([entity, declaration]) => [entity.name, { entity, declaration }]),
  );
  const judge = (parent: string, field: FieldDefinitionNode): Finding[] => {
    const target = foreign.get(namedTypeOf(field.type));
    const extended = foreign.get(parent);
    const coordinate = `${parent}.${field.name.value}`;
    const error = (why: string) =>
      errorAt(schema, field.name, {
        code: 'CROSS_SUBGRAPH_NON_NULL',
        message: `${coordinate} must be nullable: ${why}.`,
        coordinate,
      });
    if (target && hasNonNull(field.type)) {
      return [error(`${target.entity.owner?.schema.name} may be away, which answers ${target.entity.name}`)];
    }
    const isAdded =
      extended && !extended.entity.owner?.fields.some(({ name }) => name.value === field.name.value);
    return isAdded && field.type.kind === Kind.NON_NULL_TYPE
      ? [error(`${schema.name} may be away, and ${parent} is ${extended.entity.owner?.schema.name}'s`)]
      : [];
  };
  return typesWithFields(schema).flatMap((type) =>
    (type.fields ?? [])
      .filter(({ name }) => !foreign.get(type.name.value)?.declaration.repeated.has(name.value))
      .flatMap((field) => judge(type.name.value, field)),
  );
}

/** Whether anything of the type is non-null: itself or, in a list, an item. */
function hasNonNull(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return true;
  return type.kind === Kind.LIST_TYPE && hasNonNull(type.type);
}
