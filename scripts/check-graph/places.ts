import { type DefinitionNode, GraphQLError, Kind, type NameNode, parse } from 'graphql';
import type { SupergraphConfig } from '../compose/supergraph-config.ts';

/** Where the subgraphs' schemas define a part of the graph, as `<file>:<line>:<column>`, by its coordinate. */
export type Places = (coordinate: string) => readonly string[];

/**
 * Finds definitions in the schemas. What a schema does not have any more is looked for where it would be: a field in its
 * type, an argument in its field. A schema that is not GraphQL has no places.
 */
export function placesIn({ subgraphs }: SupergraphConfig): Places {
  const places = new Map<string, string[]>();
  for (const { file, sdl } of subgraphs) {
    for (const { coordinate, name } of namesIn(sdl)) {
      const place = `${file}:${name.loc?.startToken.line ?? 1}:${name.loc?.startToken.column ?? 1}`;
      places.set(coordinate, [...(places.get(coordinate) ?? []), place]);
    }
  }
  return (coordinate) => {
    const field = coordinate.replace(/\(.*$/, '');
    const type = field.replace(/\..*$/, '');
    return places.get(coordinate) ?? places.get(field) ?? places.get(type) ?? [];
  };
}

function namesIn(sdl: string): { coordinate: string; name: NameNode }[] {
  try {
    return parse(sdl).definitions.flatMap((definition) => {
      if (!('name' in definition) || !definition.name) return [];
      const { name } = definition;
      const sign = definition.kind === Kind.DIRECTIVE_DEFINITION ? '@' : '';
      return [{ coordinate: `${sign}${name.value}`, name }, ...membersOf(definition, name.value)];
    });
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

function membersOf(definition: DefinitionNode, owner: string): { coordinate: string; name: NameNode }[] {
  const fields = 'fields' in definition ? (definition.fields ?? []) : [];
  const values = 'values' in definition ? (definition.values ?? []) : [];
  return [...fields, ...values].flatMap((member) => {
    const coordinate = `${owner}.${member.name.value}`;
    const args = 'arguments' in member ? (member.arguments ?? []) : [];
    return [
      { coordinate, name: member.name },
      ...args.map(({ name }) => ({ coordinate: `${coordinate}(${name.value}:)`, name })),
    ];
  });
}
