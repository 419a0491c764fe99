import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { hasPassed, removalDateOf } from './removal-date.ts';

/** A part of a schema that can be deprecated: a field, an argument, an input field or an enum value. */
interface Member {
  readonly coordinate: string;
  /** The type that it belongs to. */
  readonly of: string;
  /** The named type that leads to, null for an enum value. */
  readonly leadsTo: string | null;
  readonly deprecationReason: string | null | undefined;
}

/** The removal date that each deprecated part of a schema names, past or not, by its coordinate. */
export function removalDates(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const dates = membersOf(schema).flatMap(({ coordinate, deprecationReason }) => {
    const day = removalDateOf(deprecationReason ?? '');
    return day === null ? [] : [[coordinate, day] as const];
  });
  return new Map(dates);
}

/**
 * Everything in a schema that clients were told would be gone by now: what was deprecated with a removal date that has
 * passed, the arguments of such a field, and the types that nothing else leads to.
 */
export function dueRemovals(schema: GraphQLSchema, today: Date): ReadonlySet<string> {
  const dates = removalDates(schema);
  const members = membersOf(schema);
  const due = new Set<string>();
  const isDue = ({ coordinate, of }: Member) => {
    const day = dates.get(coordinate);
    return due.has(of) || due.has(fieldOf(coordinate)) || (day !== undefined && hasPassed(day, today));
  };
  // What is due makes more due: each round adds something, so that there are no more rounds than types and members.
  for (let before = -1; before !== due.size; ) {
    before = due.size;
    for (const member of members) if (isDue(member)) due.add(member.coordinate);
    for (const type of Object.values(schema.getTypeMap())) {
      if (isTypeDue(type, schema, members, due)) due.add(type.name);
    }
  }
  return due;
}

/** A type is due when everything that leads to it is, or all that it consists of. */
function isTypeDue(
  type: GraphQLNamedType,
  schema: GraphQLSchema,
  members: readonly Member[],
  due: ReadonlySet<string>,
): boolean {
  const paths = [
    ...members
      .filter(({ leadsTo, of }) => leadsTo === type.name && of !== type.name)
      .map(({ coordinate }) => coordinate),
    ...abstractTypesOf(type, schema),
  ];
  const own = members.filter(({ of, coordinate }) => of === type.name && fieldOf(coordinate) === coordinate);
  const allDue = (all: readonly string[]) => all.length > 0 && all.every((each) => due.has(each));
  return allDue(paths) || allDue(own.map(({ coordinate }) => coordinate));
}

/** The unions and interfaces as which a value of the type may come. */
function abstractTypesOf(type: GraphQLNamedType, schema: GraphQLSchema): string[] {
  const unions = Object.values(schema.getTypeMap()).filter(
    (each) => isUnionType(each) && each.getTypes().some(({ name }) => name === type.name),
  );
  const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
  return [...unions, ...interfaces].map(({ name }) => name);
}

function membersOf(schema: GraphQLSchema): Member[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => membersOfType(type));
}

function membersOfType(type: GraphQLNamedType): Member[] {
  const of = type.name;
  if (isEnumType(type)) {
    return type.getValues().map(({ name, deprecationReason }) => ({
      coordinate: `${of}.${name}`,
      of,
      leadsTo: null,
      deprecationReason,
    }));
  }
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  const fields: readonly (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(
    type.getFields(),
  );
  return fields.flatMap((field) => {
    const { name, deprecationReason } = field;
    const coordinate = `${of}.${name}`;
    const leadsTo = getNamedType(field.type).name;
    const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
    return [
      { coordinate, of, leadsTo, deprecationReason },
      ...args.map((argument) => ({
        coordinate: `${coordinate}(${argument.name}:)`,
        of,
        leadsTo: getNamedType(argument.type).name,
        deprecationReason: argument.deprecationReason,
      })),
    ];
  });
}

/** `Type.field` of `Type.field(argument:)`. */
function fieldOf(coordinate: string): string {
  return coordinate.replace(/\(.*$/, '');
}
