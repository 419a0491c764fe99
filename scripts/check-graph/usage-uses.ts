import { type GraphQLSchema, isInterfaceType, isObjectType, OperationTypeNode } from 'graphql';
import { SchemaUses } from './schema-uses.ts';

const roots = Object.values(OperationTypeNode);

/**
 * How often clients used each coordinate of a schema at most, by how often each field (`Type.field`) was asked for: who
 * asks for a field may give all its arguments and all that those can hold. What the schema does not know is left out.
 */
export function usesOfCounts(
  schema: GraphQLSchema,
  usage: Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [coordinate, count] of Object.entries(usage)) {
    if (count <= 0) continue;
    for (const used of usesOfField(schema, coordinate)) counts.set(used, (counts.get(used) ?? 0) + count);
  }
  return counts;
}

function usesOfField(schema: GraphQLSchema, coordinate: string): ReadonlySet<string> {
  const uses = new SchemaUses(schema);
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  if (!type || !field) return uses.coordinates;
  uses.addField(type, field);
  for (const argument of field.args) {
    uses.addArgument(type, field, argument);
    uses.addWholeInput(argument.type);
  }
  const root = roots.find((operation) => schema.getRootType(operation) === type);
  if (root) uses.addRoot(root);
  return uses.coordinates;
}
