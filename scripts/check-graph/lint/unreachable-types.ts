import { isTypeDefinitionNode, isTypeExtensionNode, Kind, visit } from 'graphql';
import type { Finding } from '../finding.ts';
import { type Entities, entitiesOf } from './entities.ts';
import { errorAt, type SubgraphSchema } from './subgraph-schema.ts';

const roots = ['Query', 'Mutation', 'Subscription'];

/**
 * UNREACHABLE_TYPE: every type is reached from a root type or an entity, by the fields and arguments of any subgraph; an
 * interface reaches what implements it. What no operation can touch is dead weight, or a field was forgotten.
 */
export function lintUnreachableTypes(
  schemas: readonly SubgraphSchema[],
  entities: Entities = entitiesOf(schemas),
): readonly Finding[] {
  const leadsTo = references(schemas);
  const reached = new Set<string>();
  const open = [...roots, ...entities.keys()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(leadsTo.get(name) ?? []));
  }
  return schemas.flatMap((schema) =>
    schema.document.definitions.filter(isTypeDefinitionNode).flatMap(({ name }) => {
      const coordinate = name.value;
      if (reached.has(coordinate)) return [];
      const message = `No field and no argument leads to ${coordinate}.`;
      return errorAt(schema, name, { code: 'UNREACHABLE_TYPE', message, coordinate });
    }),
  );
}

/** The types that each type leads to: those it names, and from an interface those that implement it. */
function references(schemas: readonly SubgraphSchema[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string) => found.set(from, [...(found.get(from) ?? []), to]);
  for (const { document } of schemas) {
    for (const definition of document.definitions) {
      // A directive of our own may be on anything.
      if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
        visit(definition, { NamedType: ({ name }) => add('Query', name.value) });
      }
      if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
      visit(definition, { NamedType: ({ name }) => add(definition.name.value, name.value) });
      if ('interfaces' in definition) {
        for (const { name } of definition.interfaces ?? []) add(name.value, definition.name.value);
      }
    }
  }
  return found;
}
