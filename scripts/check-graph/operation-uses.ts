import {
  type ASTNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  parse,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { SchemaUses } from './schema-uses.ts';

/**
 * The coordinates of everything in a schema that an operation uses, as SchemaUses names them. What the schema does not
 * know is left out.
 */
export function usesOfOperation(schema: GraphQLSchema, body: string): ReadonlySet<string> {
  const uses = new SchemaUses(schema);
  const info = new TypeInfo(schema);
  const condition = (name: string | undefined) => name && uses.addCondition(name);
  visit(
    parse(body),
    visitWithTypeInfo(info, {
      OperationDefinition({ operation }) {
        uses.addRoot(operation);
      },
      VariableDefinition({ type }) {
        // The client sends whatever the type allows.
        uses.addWholeInput(typeFromAST(schema, type));
      },
      InlineFragment({ typeCondition }) {
        condition(typeCondition?.name.value);
      },
      FragmentDefinition({ typeCondition }) {
        condition(typeCondition.name.value);
      },
      Field() {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (parent && field) uses.addField(parent, field);
      },
      Argument() {
        const argument = info.getArgument();
        const directive = info.getDirective();
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (!argument) return;
        if (directive) uses.addDirectiveArgument(directive, argument);
        else if (parent && field) uses.addArgument(parent, field, argument);
      },
      ObjectField({ name }) {
        const input = getNamedType(info.getParentInputType());
        if (input) uses.addInputField(input, name.value);
      },
      EnumValue({ value }) {
        const type = getNamedType(info.getInputType());
        if (type) uses.addEnumValue(type, value);
      },
      Directive(node, _key, _parent, _path, ancestors) {
        uses.addDirective(node.name.value, locationOf(ancestors));
      },
    }),
  );
  return uses.coordinates;
}

/** Where a directive of an operation stands, as the schema names it. */
function locationOf(ancestors: readonly (ASTNode | readonly ASTNode[])[]): string {
  const owner = ancestors.at(-1);
  if (!owner || !('kind' in owner)) return 'nowhere';
  return owner.kind === Kind.OPERATION_DEFINITION
    ? owner.operation.toUpperCase()
    : owner.kind.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
