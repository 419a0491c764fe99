import { type ConstDirectiveNode, type FieldDefinitionNode, Kind, parse } from 'graphql';
import {
  federationDirectives,
  type SubgraphSchema,
  type TypeWithFields,
  typesWithFields,
} from './subgraph-schema.ts';

/** What one subgraph says of an entity. */
export interface Declaration {
  readonly schema: SubgraphSchema;
  readonly nodes: readonly TypeWithFields[];
  readonly isDescribed: boolean;
  /** Fields that are there to find the entity or to be asked for, and that another subgraph answers. */
  readonly repeated: ReadonlySet<string>;
  readonly fields: readonly FieldDefinitionNode[];
}

/** A type that has a key in at least one subgraph. */
export interface Entity {
  readonly name: string;
  readonly declarations: readonly Declaration[];
  /** The only subgraph that has it, or else the only one that describes it; the others extend or refer to it. */
  readonly owner: Declaration | undefined;
}

export type Entities = ReadonlyMap<string, Entity>;

/** The entities of the subgraphs by name. */
export function entitiesOf(schemas: readonly SubgraphSchema[]): Entities {
  const declarations = Map.groupBy(
    schemas.flatMap(declarationsOf),
    ({ nodes }) => nodes[0]?.name.value ?? '',
  );
  const entities = new Map<string, Entity>();
  for (const [name, all] of declarations) {
    if (!all.some(({ nodes }) => nodes.some((node) => federationDirectives(node, 'key').length > 0)))
      continue;
    const described = all.filter(({ isDescribed }) => isDescribed);
    const candidates = all.length === 1 ? all : described;
    const owner = candidates.length === 1 ? candidates[0] : undefined;
    entities.set(name, { name, declarations: all, owner });
  }
  return entities;
}

/** The entities that a subgraph has, extends or refers to, and that another one describes. */
export function stubsIn(schema: SubgraphSchema, entities: Entities): readonly [Entity, Declaration][] {
  return [...entities.values()].flatMap((entity) =>
    entity.declarations
      .filter((each) => each.schema === schema && each !== entity.owner && !each.isDescribed)
      .map((each): [Entity, Declaration] => [entity, each]),
  );
}

function declarationsOf(schema: SubgraphSchema): Declaration[] {
  const byName = Map.groupBy(typesWithFields(schema), ({ name }) => name.value);
  return [...byName.values()].map((nodes) => {
    const fields = nodes.flatMap((node) => node.fields ?? []);
    const keys = nodes.flatMap((node) => federationDirectives(node, 'key').flatMap(keyFields));
    const external = fields.filter((field) => federationDirectives(field, 'external').length > 0);
    return {
      schema,
      nodes,
      fields,
      isDescribed: nodes.some((node) => 'description' in node && node.description !== undefined),
      repeated: new Set([...keys, ...external.map(({ name }) => name.value)]),
    };
  });
}

/** The names at the top of a key, such as `organization` and `id` of `@key(fields: "organization { id } id")`. */
function keyFields(key: ConstDirectiveNode): string[] {
  const value = key.arguments?.find(({ name }) => name.value === 'fields')?.value;
  if (value?.kind !== Kind.STRING) return [];
  try {
    const [query] = parse(`{ ${value.value} }`).definitions;
    if (query?.kind !== Kind.OPERATION_DEFINITION) return [];
    return query.selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? each.name.value : []));
  } catch {
    // The composition says what is wrong with the key.
    return [];
  }
}
