import { createSubgraphSchema, type Resolvers } from '@shop/shared/graphql/subgraph-schema';
import {
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { idFor, numberFor, scalarFor } from './mock-values.ts';

/** What makes the values of an object that no key identifies. */
const seedOf = Symbol('seed');
/** How many a list of this object may have: what the client asked for of a connection. */
const mostOf = Symbol('most');

/** An object of a mocked subgraph: what is known of it; the rest is made up when it is asked for. */
interface Mock {
  [field: string]: unknown;
  [seedOf]?: string;
  [mostOf]?: number;
}

interface Place {
  field: string;
  seed: string;
  /** Its place in a list. */
  index: number;
  /** How many a list has. */
  most: number;
  known: Mock;
  info: GraphQLResolveInfo;
}

const usualLength = 3;

/**
 * Resolvers for all that a subgraph's schema says. Values are made up, but not at random: each is a function of its
 * object's key and its field, so that an entity looks the same however it is reached, and tomorrow too. A mutation
 * answers what it was given, and remembers nothing.
 */
export function mockResolvers(typeDefs: DocumentNode): Resolvers {
  const types = Object.values(createSubgraphSchema(typeDefs, {}).getTypeMap());
  const ours = types.filter(isObjectType).filter(({ name }) => !name.startsWith('_'));
  const entries = ours.map((type) => {
    const fields = Object.keys(type.getFields()).filter((field) => !field.startsWith('_') || field === '_id');
    const resolvers = Object.fromEntries(fields.map((field): [string, unknown] => [field, resolveField]));
    const entity = keyOf(type) === undefined ? {} : { __resolveReference: (known: Mock) => ({ ...known }) };
    return [type.name, { ...resolvers, ...entity }];
  });
  return Object.fromEntries(entries);
}

type Args = Record<string, unknown>;

const resolveField: GraphQLFieldResolver<Mock | undefined, unknown, Args> = (source = {}, args, _, info) => {
  const { fieldName, parentType, returnType } = info;
  if (source[fieldName] !== undefined) return source[fieldName];
  const seed = `${seedFor(source, parentType)}.${fieldName}`;
  const known = { ...referredTo(source, info), ...referringTo(source, info), ...echoed(args, returnType) };
  const most = lengthOf(args) ?? source[mostOf] ?? usualLength;
  const place = { field: fieldName, seed, index: 0, most, known, info };
  return fieldName === 'edges' ? edgesOf(source, place) : make(returnType, place);
};

function make(type: GraphQLOutputType, place: Place): unknown {
  const { field, seed, info, index } = place;
  if (isNonNullType(type)) return make(type.ofType, place);
  if (isListType(type)) {
    return Array.from({ length: place.most }, (_, n) => make(type.ofType, { ...place, index: n }));
  }
  const own = `${seed}/${index}`;
  if (isScalarType(type)) return scalarFor(type.name, field, own);
  if (isEnumType(type)) return type.getValues()[numberFor(own, type.getValues().length)]!.value;
  if (isObjectType(type)) return objectOf(type, place);
  const possible = info.schema.getPossibleTypes(type);
  return objectOf(possible[numberFor(own, possible.length)]!, place);
}

function objectOf(type: GraphQLObjectType, { seed, index, most, known }: Place): Mock {
  const key = keyOf(type);
  const identity = key === undefined ? {} : { [key]: known[key] ?? idFor(type.name, seed, index) };
  return { __typename: type.name, ...known, ...identity, [seedOf]: `${seed}/${index}`, [mostOf]: most };
}

function seedFor(source: Mock, type: GraphQLObjectType): string {
  const key = keyOf(type);
  if (key !== undefined && source[key] !== undefined) return `${type.name}:${source[key]}`;
  return source[seedOf] ?? type.name;
}

/** The field by which other subgraphs refer to an entity, where it is one field. */
function keyOf({ astNode, extensionASTNodes }: GraphQLObjectType): string | undefined {
  const directives = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
  const fields = directives
    .filter(({ name }) => name.value === 'key')
    .flatMap((directive) => directive.arguments?.find(({ name }) => name.value === 'fields')?.value ?? [])
    .flatMap((value) => (value.kind === 'StringValue' ? value.value.trim() : []));
  return fields.find((each) => /^\w+$/.test(each));
}

/** Where an object has both `productId` and `product`, they are one. */
function referredTo(source: Mock, { parentType, fieldName, returnType }: GraphQLResolveInfo): Mock {
  const type = getNullableType(returnType);
  const key = isObjectType(type) ? keyOf(type) : undefined;
  const idField = `${fieldName}Id`;
  if (key === undefined || !parentType.getFields()[idField]) return {};
  const id = source[idField] ?? scalarFor('ID', idField, `${seedFor(source, parentType)}.${idField}/0`);
  return { [key]: id };
}

/** What a product leads to is of that product, where it says so by a `productId`. */
function referringTo(source: Mock, { parentType, returnType }: GraphQLResolveInfo): Mock {
  const type = getNamedType(returnType);
  const key = keyOf(parentType);
  const idField = `${parentType.name.charAt(0).toLowerCase()}${parentType.name.slice(1)}Id`;
  const id = key === undefined ? undefined : source[key];
  return id !== undefined && isObjectType(type) && type.getFields()[idField] ? { [idField]: id } : {};
}

/** What the arguments say of the object that is asked for: its id, and on a mutation what it was given. */
function echoed(args: Args, returnType: GraphQLOutputType): Mock {
  const type = getNullableType(returnType);
  if (!isObjectType(type)) return {};
  const { id, input, ...rest } = args;
  const given = Object.entries({ ...rest, ...(input as Args | undefined) }).filter(([field, value]) => {
    const known = type.getFields()[field];
    return known && value !== null && isLeafType(getNamedType(known.type));
  });
  const key = keyOf(type);
  return { ...Object.fromEntries(given), ...(key !== undefined && id !== undefined && { [key]: id }) };
}

/** A list that is paged has one page: behind its end there is nothing. */
function lengthOf({ first, after }: Args): number | undefined {
  if (after !== undefined && after !== null) return 0;
  return typeof first === 'number' ? Math.max(0, Math.min(first, usualLength)) : undefined;
}

/** The edges of a connection are those of its nodes. */
function edgesOf(source: Mock, place: Place): unknown {
  const { parentType, returnType } = place.info;
  const nodes = parentType.getFields().nodes;
  if (!nodes) return make(returnType, place);
  const seed = `${seedFor(source, parentType)}.nodes`;
  const made = make(nodes.type, { ...place, seed }) as Mock[];
  return made.map((node, index) => ({ node, cursor: scalarFor('String', 'cursor', `${seed}/${index}`) }));
}
