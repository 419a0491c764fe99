import {
  type FieldNode,
  type GraphQLField,
  Kind,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Amount } from './amount.ts';

/** How many a list is taken to hold that no argument bounds, such as the lines of an order. */
export const assumedListSize = 10;

/** No list of the shop is longer: subgraphs refuse to be asked for more. */
const maxListSize = 250;

/** The argument by which lists and connections are paged. */
const sizeArgument = 'first';

/** How many elements a field may answer by its `first`, by the graph's default where the client leaves it out; null without one. */
export function pageSizeOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  definitions: readonly VariableDefinitionNode[],
): Amount | null {
  const argument = field.args.find(({ name }) => name === sizeArgument);
  if (!argument) return null;
  const byDefault = toSize(argument.defaultValue, assumedListSize);
  const given = node.arguments?.find(({ name }) => name.value === sizeArgument)?.value;
  if (given?.kind !== Kind.VARIABLE) return toSize(literal(given), byDefault);
  const name = given.name.value;
  const definition = definitions.find(({ variable }) => variable.name.value === name);
  const otherwise = toSize(literal(definition?.defaultValue), byDefault);
  return (variables) => {
    // Subgraphs take null for their default.
    const value = variables[name];
    return toSize(value, value === null ? byDefault : otherwise);
  };
}

/** What is no number is refused when variables are checked; until then it counts as the most. */
function toSize(value: unknown, byDefault: number): number {
  if (value === undefined || value === null) return byDefault;
  return typeof value === 'number' ? Math.min(Math.max(value, 0), maxListSize) : maxListSize;
}

function literal(value: ValueNode | undefined): number | null {
  if (value === undefined || value.kind === Kind.NULL) return null;
  return value.kind === Kind.INT ? Number(value.value) : maxListSize;
}
