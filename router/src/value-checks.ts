import {
  type GraphQLCompositeType,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';

/** Whether a value from JSON is one that a type allows. */
export type Check = (value: unknown) => boolean;

/**
 * Checks whether an object is a whole answer to these selections: their fields in their order and no others, each of
 * its type. Knows fields without fragments and directives; throws for others.
 */
export function createObjectCheck(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  { selections }: SelectionSetNode,
): Check {
  const checks = new Map<string, Check>();
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) throw new TypeError('fragments are not known here');
    const { name, alias, selectionSet } = selection;
    checks.set(
      (alias ?? name).value,
      name.value === TypeNameMetaFieldDef.name
        ? (value) => typeof value === 'string' && isObjectType(schema.getType(value))
        : createCheck(schema, typeOfField(parent, name.value), selectionSet),
    );
  }
  const fields = [...checks];
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const names = Object.keys(value);
    if (names.length !== fields.length) return false;
    return fields.every(
      ([name, check], n) => names[n] === name && check((value as Record<string, unknown>)[name]),
    );
  };
}

function typeOfField(parent: GraphQLCompositeType, name: string): GraphQLOutputType {
  const field = 'getFields' in parent ? parent.getFields()[name] : undefined;
  if (!field) throw new TypeError(`${parent.name} has no field ${name}`);
  return field.type;
}

function createCheck(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  selectionSet: SelectionSetNode | undefined,
): Check {
  if (isNonNullType(type)) {
    const check = createCheck(schema, type.ofType, selectionSet);
    return (value) => value !== null && check(value);
  }
  if (isListType(type)) {
    const check = createCheck(schema, type.ofType, selectionSet);
    return (value) => value === null || (Array.isArray(value) && value.every(check));
  }
  const check =
    isCompositeType(type) && selectionSet
      ? createObjectCheck(schema, type, selectionSet)
      : createLeafCheck(getNamedType(type));
  return (value) => value === null || check(value);
}

/** Of a custom scalar anything but nothing is taken: only its subgraph knows what it may be. */
function createLeafCheck(type: GraphQLNamedOutputType): Check {
  // A value of an enum may be one that the subgraph knows and the public graph does not.
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
  const check = leafChecks[type.name];
  return check ?? ((value) => value !== undefined);
}

const isString: Check = (value) => typeof value === 'string';
const leafChecks: Record<string, Check> = {
  String: isString,
  ID: isString,
  Boolean: (value) => typeof value === 'boolean',
  Float: (value) => typeof value === 'number',
  Int: (value) => typeof value === 'number' && (value | 0) === value,
};
