import { type ConstDirectiveNode, Kind, type NameNode, visit } from 'graphql';
import type { Finding } from '../finding.ts';
import { removalDateOf } from '../removal-date.ts';
import { errorAt, type SubgraphSchema } from './subgraph-schema.ts';

/**
 * MISSING_REMOVAL_DATE: the reason of a deprecation names the day (yyyy-mm-dd) from which the thing may be gone, so that
 * clients can plan and the check knows when its removal breaks no promise. One without a reason is
 * MISSING_DEPRECATION_REASON alone.
 */
export function lintDeprecations(schemas: readonly SubgraphSchema[]): readonly Finding[] {
  return schemas.flatMap(lintSchema);
}

function lintSchema(schema: SubgraphSchema): readonly Finding[] {
  const findings: Finding[] = [];
  /** The coordinates of what is around the node, from the type inwards. */
  const around: string[] = [];
  const inner = {
    enter(node: Deprecable) {
      const coordinate = coordinateOf(node, around.at(-1));
      around.push(coordinate);
      const reason = reasonOf(node.directives ?? []);
      if (!reason || removalDateOf(reason)) return;
      const message = `${coordinate} is deprecated, and the reason names no day (yyyy-mm-dd) of its removal.`;
      findings.push(errorAt(schema, node.name, { code: 'MISSING_REMOVAL_DATE', message, coordinate }));
    },
    leave() {
      around.pop();
    },
  };
  visit(schema.document, {
    ObjectTypeDefinition: inner,
    ObjectTypeExtension: inner,
    InterfaceTypeDefinition: inner,
    InterfaceTypeExtension: inner,
    InputObjectTypeDefinition: inner,
    InputObjectTypeExtension: inner,
    EnumTypeDefinition: inner,
    EnumTypeExtension: inner,
    DirectiveDefinition: inner,
    FieldDefinition: inner,
    InputValueDefinition: inner,
    EnumValueDefinition: inner,
  });
  return findings;
}

/** What may be deprecated, and what may hold it. */
interface Deprecable {
  readonly kind: string;
  readonly name: NameNode;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** Such as `Order`, `Order.items`, `Order.items(first:)` and `@tag(name:)`. */
function coordinateOf({ kind, name }: Deprecable, parent: string | undefined): string {
  if (parent === undefined) return kind === Kind.DIRECTIVE_DEFINITION ? `@${name.value}` : name.value;
  const isArgument = kind === Kind.INPUT_VALUE_DEFINITION && /[.@]/.test(parent);
  return isArgument ? `${parent}(${name.value}:)` : `${parent}.${name.value}`;
}

/** The reason of the deprecation, trimmed; undefined when nothing is deprecated or no reason is given. */
function reasonOf(directives: readonly ConstDirectiveNode[]): string | undefined {
  const deprecated = directives.find(({ name }) => name.value === 'deprecated');
  const value = deprecated?.arguments?.find(({ name }) => name.value === 'reason')?.value;
  return value?.kind === Kind.STRING && value.value.trim() !== '' ? value.value.trim() : undefined;
}
