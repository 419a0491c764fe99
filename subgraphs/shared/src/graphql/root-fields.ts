import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a resolver of a root field is told of its operation. */
export type RootInfo = Pick<GraphQLResolveInfo, 'operation' | 'fragments' | 'variableValues' | 'parentType'>;

/**
 * The arguments of each field of this name at the root of the operation, once per alias, as the executor will run them:
 * what one document asks for in all. Null in place of arguments that are wrong.
 */
export function argumentsOfRootFields(info: RootInfo, fieldName: string): (Record<string, unknown> | null)[] {
  const definition = info.parentType.getFields()[fieldName];
  if (!definition) return [];
  const fields = new Map<string, FieldNode>();
  collect(info.operation.selectionSet, info, fieldName, fields, new Set());
  return [...fields.values()].map((field) => {
    try {
      return getArgumentValues(definition, field, info.variableValues);
    } catch {
      return null;
    }
  });
}

function collect(
  { selections }: SelectionSetNode,
  info: RootInfo,
  fieldName: string,
  fields: Map<string, FieldNode>,
  seenFragments: Set<string>,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, info)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      if (selection.name.value === fieldName && !fields.has(key)) fields.set(key, selection);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(selection.selectionSet, info, fieldName, fields, seenFragments);
    } else if (!seenFragments.has(selection.name.value)) {
      seenFragments.add(selection.name.value);
      const fragment = info.fragments[selection.name.value];
      if (fragment) collect(fragment.selectionSet, info, fieldName, fields, seenFragments);
    }
  }
}

function isIncluded(selection: SelectionNode, { variableValues }: RootInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
  return skip?.if !== true && include?.if !== false;
}
