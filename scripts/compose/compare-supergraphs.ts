import { diff } from 'node:util';
import { type DefinitionNode, parse, print, visit } from 'graphql';

export type SupergraphComparison =
  | { readonly kind: 'equal' }
  /** Below the name of each definition that differs: what only the first has, after `-`, and only the second, after `+`. */
  | { readonly kind: 'different'; readonly lines: readonly string[] };

/**
 * Compares two supergraphs by their definitions; the order of these, white space, comments and kinds of quotes do not count.
 *
 * @throws GraphQLError when one is not GraphQL
 */
export function compareSupergraphs(oneSdl: string, otherSdl: string): SupergraphComparison {
  const [one, other] = [definitionsOf(oneSdl), definitionsOf(otherSdl)];
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  const lines = names.flatMap((name) => {
    const changes = diff(one.get(name) ?? [], other.get(name) ?? []).filter(([side]) => side !== 0);
    if (changes.length === 0) return [];
    // Node says 1 of what only its first argument has.
    return [`${name}:`, ...changes.map(([side, line]) => `${side === 1 ? '-' : '+'} ${line}`)];
  });
  return lines.length === 0 ? { kind: 'equal' } : { kind: 'different', lines };
}

/** The lines of each definition, by its name. */
function definitionsOf(sdl: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    const name = nameOf(definition);
    found.set(name, [...(found.get(name) ?? []), ...print(inOneWay(definition)).split('\n')]);
  }
  return found;
}

/** Descriptions may be written in two ways. */
function inOneWay(definition: DefinitionNode): DefinitionNode {
  return visit(definition, { StringValue: (node) => ({ ...node, block: false }) });
}

function nameOf(definition: DefinitionNode): string {
  const name = 'name' in definition ? definition.name?.value : undefined;
  if (name === undefined) return 'schema';
  return definition.kind === 'DirectiveDefinition' ? `@${name}` : name;
}
