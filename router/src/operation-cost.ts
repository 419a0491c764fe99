import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { type Amount, plus, times } from './amount.ts';
import { assumedListSize, pageSizeOf } from './list-size.ts';
import { fragmentsOf } from './operation-shape.ts';

/** What a mutation costs besides what it answers. */
const mutationCost = 10;

/**
 * What an operation of a valid document costs at most, before it runs: 1 for each object of the answer, nothing for
 * scalars and enums, 10 for each mutation. A list holds as many as `first` asks for, in a connection as many as the
 * connection's `first` does, otherwise 10. Fields count as written, whether conditions skip them or not.
 *
 * The weights are those of demand control in Apollo Router
 * (https://www.apollographql.com/docs/graphos/routing/security/demand-control), the sizes those of `slicingArguments` and
 * `sizedFields` in IBM's cost specification (https://ibm.github.io/graphql-specs/cost-spec.html), by our convention for
 * paging instead of directives.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rootFields: number,
): Amount {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  const estimate = createEstimate(schema, fragmentsOf(document), operation);
  const answered = whole(estimate(root, operation.selectionSet), assumedListSize);
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  return isMutation ? plus(answered, rootFields * mutationCost) : answered;
}

/** What a selection set adds to an object: once, and for each element of lists whose size the object's field says. */
interface Share {
  own: Amount;
  perElement: Amount;
}

const nothing: Share = { own: 0, perElement: 0 };

function whole({ own, perElement }: Share, size: Amount): Amount {
  return plus(own, times(perElement, size));
}

function createEstimate(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  { variableDefinitions = [] }: OperationDefinitionNode,
) {
  const known = new WeakMap<SelectionSetNode, Share>();

  function ofField(parent: GraphQLCompositeType, node: FieldNode): Share {
    const field = fieldOf(parent, node.name.value);
    const type = field && getNamedType(field.type);
    if (!node.selectionSet || !field || !isCompositeType(type)) return nothing;
    const within = ofSet(type, node.selectionSet);
    const size = pageSizeOf(field, node, variableDefinitions);
    const isList = isListType(getNullableType(field.type));
    const object = plus(1, whole(within, isList || size === null ? assumedListSize : size));
    if (!isList) return { own: object, perElement: 0 };
    return size === null ? { own: 0, perElement: object } : { own: times(object, size), perElement: 0 };
  }

  function ofSet(type: GraphQLCompositeType, set: SelectionSetNode): Share {
    const before = known.get(set);
    if (before) return before;
    let share = nothing;
    for (const selection of set.selections) {
      const more = ofSelection(type, selection);
      share = { own: plus(share.own, more.own), perElement: plus(share.perElement, more.perElement) };
    }
    known.set(set, share);
    return share;
  }

  function ofSelection(type: GraphQLCompositeType, selection: SelectionSetNode['selections'][number]): Share {
    if (selection.kind === Kind.FIELD) return ofField(type, selection);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition?.name.value;
    const narrowed = condition === undefined ? type : schema.getType(condition);
    return fragment && isCompositeType(narrowed) ? ofSet(narrowed, fragment.selectionSet) : nothing;
  }
  return ofSet;
}

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
