import { type ConstDirectiveNode, isTypeDefinitionNode, Kind, parse, type TypeDefinitionNode } from 'graphql';

/** Names of the subgraphs that define a part of a graph, by its coordinate; nothing for what the graph does not have. */
export type Definers = (coordinate: string) => readonly string[];

/**
 * Reads from the join directives of a supergraph which subgraphs resolve or define what; a field that a subgraph only
 * refers to (@external) is not its own. An argument is its field's.
 */
export function definersOf(supergraphSdl: string): Definers {
  const types = parse(supergraphSdl, { noLocation: true }).definitions.filter(isTypeDefinitionNode);
  const names = graphNames(types);
  const definers = new Map<string, readonly string[]>();
  for (const type of types) {
    const own = graphsOf(type.directives, 'join__type');
    definers.set(type.name.value, own);
    for (const member of membersOf(type)) {
      const graphs = graphsOf(
        member.directives,
        member.kind === Kind.ENUM_VALUE_DEFINITION ? 'join__enumValue' : 'join__field',
      );
      definers.set(`${type.name.value}.${member.name.value}`, graphs.length > 0 ? graphs : own);
    }
  }
  return (coordinate) =>
    (definers.get(coordinate.replace(/\(.*$/, '')) ?? []).map((graph) => names.get(graph) ?? graph);
}

function membersOf(type: TypeDefinitionNode) {
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) return type.values ?? [];
  return 'fields' in type ? (type.fields ?? []) : [];
}

/** The graphs that the directives of this name give, without those that say `external: true`. */
function graphsOf(directives: readonly ConstDirectiveNode[] = [], name: string): string[] {
  const graphs = directives.flatMap((directive) => {
    const argument = (wanted: string) =>
      directive.arguments?.find((each) => each.name.value === wanted)?.value;
    const external = argument('external');
    const graph = argument('graph');
    if (directive.name.value !== name || graph?.kind !== Kind.ENUM) return [];
    return external?.kind === Kind.BOOLEAN && external.value ? [] : [graph.value];
  });
  return [...new Set(graphs)];
}

/** The subgraphs' names as supergraph.yaml has them, by their values of join__Graph. */
function graphNames(types: readonly TypeDefinitionNode[]): ReadonlyMap<string, string> {
  const graphs = types.find(({ name }) => name.value === 'join__Graph');
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  const named = values.flatMap(({ name, directives = [] }) => {
    const given = directives.find((each) => each.name.value === 'join__graph')?.arguments;
    const value = given?.find((each) => each.name.value === 'name')?.value;
    return value?.kind === Kind.STRING ? [[name.value, value.value] as const] : [];
  });
  return new Map(named);
}
