import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  Kind,
  type NameNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import type { Finding } from '../finding.ts';

/** The schema of one subgraph, parsed. */
export interface SubgraphSchema {
  readonly name: string;
  readonly file: string;
  readonly sdl: string;
  readonly document: DocumentNode;
}

/** A definition or extension of a type that has fields and may have a key. */
export type TypeWithFields =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode;

const kindsWithFields: readonly string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
];

export function typesWithFields({ document }: SubgraphSchema): readonly TypeWithFields[] {
  return document.definitions.filter((node): node is TypeWithFields => kindsWithFields.includes(node.kind));
}

/** The name of a type without its lists and exclamation marks. */
export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

/** The uses of one of federation's directives on a node, whether it is imported or named in full. */
export function federationDirectives(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  directive: string,
): readonly ConstDirectiveNode[] {
  return (node.directives ?? []).filter(({ name }) =>
    [directive, `federation__${directive}`].includes(name.value),
  );
}

/** `<file>:<line>:<column>` of a name. */
export function placeOf({ file }: SubgraphSchema, { loc }: NameNode): string {
  return `${file}:${loc?.startToken.line ?? 1}:${loc?.startToken.column ?? 1}`;
}

/** An error at one name of one schema. */
export function errorAt(
  schema: SubgraphSchema,
  name: NameNode,
  { code, message, coordinate }: { code: string; message: string; coordinate: string },
): Finding {
  return {
    code,
    severity: 'error',
    message: `[${schema.name}] ${message}`,
    locations: [placeOf(schema, name)],
    coordinate,
  };
}
