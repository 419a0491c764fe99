import {
  type ASTNode,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';

/** What carries it is for the internal graph alone. */
const internalTag = 'internal';

/** In a supergraph this makes what is marked invisible to clients; the gateway's planner may still use it. */
const inaccessibleDefinition = parse(
  'directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION',
).definitions;
const inaccessible = directiveOf('@inaccessible');
const inaccessibleLink = directiveOf(
  '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
);

/**
 * The public variant of a supergraph: what is tagged `internal` becomes @inaccessible, so that to clients it does not
 * exist, not even as a name, while the gateway still knows it. As in Apollo's contracts, whatever only works with
 * something internal makes the public variant invalid: whoever builds a schema of it is told.
 *
 * @throws GraphQLError when the text is not GraphQL
 */
export function toPublicVariant(supergraphSdl: string): string {
  const document = parse(supergraphSdl, { noLocation: true });
  let isMarked = false;
  const mark = <Node extends ASTNode & { directives?: readonly ConstDirectiveNode[] }>(node: Node): Node => {
    const directives = node.directives ?? [];
    if (!directives.some(isInternalTag) || directives.some(({ name }) => name.value === 'inaccessible'))
      return node;
    isMarked = true;
    return { ...node, directives: [...directives, inaccessible] };
  };
  const marked: DocumentNode = visit(document, {
    ObjectTypeDefinition: { leave: mark },
    InterfaceTypeDefinition: { leave: mark },
    UnionTypeDefinition: { leave: mark },
    ScalarTypeDefinition: { leave: mark },
    EnumTypeDefinition: { leave: mark },
    InputObjectTypeDefinition: { leave: mark },
    FieldDefinition: { leave: mark },
    InputValueDefinition: { leave: mark },
    EnumValueDefinition: { leave: mark },
  });
  return isMarked ? print(withInaccessible(marked)) : supergraphSdl;
}

function isInternalTag({ name, arguments: args }: ConstDirectiveNode): boolean {
  if (name.value !== 'tag') return false;
  return args?.some(({ value }) => value.kind === Kind.STRING && value.value === internalTag) ?? false;
}

/** Says that the supergraph uses @inaccessible, unless it does already. */
function withInaccessible(document: DocumentNode): DocumentNode {
  const isDefined = document.definitions.some(
    (each) => each.kind === Kind.DIRECTIVE_DEFINITION && each.name.value === 'inaccessible',
  );
  if (isDefined) return document;
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION
      ? { ...definition, directives: [...(definition.directives ?? []), inaccessibleLink] }
      : definition,
  );
  return { ...document, definitions: [...definitions, ...inaccessibleDefinition] };
}

function directiveOf(text: string): ConstDirectiveNode {
  const [definition] = parse(`scalar S ${text}`, { noLocation: true }).definitions;
  const [directive] = (definition && 'directives' in definition && definition.directives) || [];
  if (!directive) throw new Error(`no directive: ${text}`);
  return directive as DirectiveNode & ConstDirectiveNode;
}
