import { type Change, ChangeType, diff } from '@graphql-inspector/core';
import {
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** One difference between two schemas that clients see. */
export interface ApiChange {
  /** GraphQL Inspector's name of its kind, such as FIELD_REMOVED. */
  readonly code: string;
  readonly level: 'breaking' | 'dangerous' | 'safe';
  /** What it is about, such as `Order.total`, `Order.items(first:)`, `OrderStatus.PENDING`, `@live` or `Order`. */
  readonly coordinate: string;
  readonly message: string;
  /** What GraphQL Inspector knows besides, by its names. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Whether clients have to give the argument or input field that this is about, after the change. */
  readonly isRequired: boolean;
}

const levels = { BREAKING: 'breaking', DANGEROUS: 'dangerous', NON_BREAKING: 'safe' } as const;

/** All changes from one schema to another. What comes with a new type, field or directive is not listed on its own. */
export async function apiChanges(base: GraphQLSchema, head: GraphQLSchema): Promise<readonly ApiChange[]> {
  const changes = (await diff(base, head)).map((change) => apiChangeOf(change, head));
  const added = new Set(changes.filter(isAddition).map(({ coordinate }) => coordinate));
  const belongsToAdded = ({ coordinate }: ApiChange) => {
    const owner = ownerOf(coordinate);
    return owner !== coordinate && added.has(owner);
  };
  // The inspector's own rule for this also drops what breaks clients of a field or type that something was added to.
  const comesWithAnother = (change: ApiChange) =>
    isAddition(change) ? belongsToAdded(change) : added.has(change.coordinate) || belongsToAdded(change);
  return changes.filter((change) => !comesWithAnother(change) && !isSaidByAnother(change, changes));
}

function isAddition({ code }: ApiChange): boolean {
  return /^(TYPE|FIELD|ENUM_VALUE|INPUT_FIELD|DIRECTIVE|(FIELD|DIRECTIVE)_ARGUMENT)_ADDED$/.test(code);
}

/** What a part of a schema belongs to: the type of a field, the field of an argument. */
export function ownerOf(coordinate: string): string {
  return coordinate.replace(/(\.[^.(]+|\([^)]+\))$/, '');
}

/** A deprecation has kinds of its own, and a reason is an argument of the directive that makes it. */
function isSaidByAnother({ code, coordinate, details }: ApiChange, changes: readonly ApiChange[]): boolean {
  const directive = details.addedDirectiveName ?? details.removedDirectiveName ?? details.directiveName;
  if (directive !== 'deprecated') return false;
  const isArgument = /^DIRECTIVE_USAGE_ARGUMENT_(ADDED|REMOVED)$/;
  return isArgument.test(code)
    ? changes.some((other) => other.coordinate === coordinate && !isArgument.test(other.code))
    : /^DIRECTIVE_USAGE_(FIELD_DEFINITION|ENUM_VALUE)_/.test(code);
}

function apiChangeOf({ type, message, path, meta, criticality }: Change, head: GraphQLSchema): ApiChange {
  const code = String(type);
  const details: Readonly<Record<string, unknown>> = meta;
  const coordinate = coordinateOf(code, path, details);
  const isRequired = isRequiredIn(head, coordinate);
  // Without its default, who has not given it so far has to: the inspector takes this for dangerous only.
  const isDefaultLost =
    code.endsWith('_DEFAULT_CHANGED') || code === ChangeType.InputFieldDefaultValueChanged;
  const level = isDefaultLost && isRequired ? 'breaking' : levels[criticality.level];
  return { code, level, coordinate, message, details, isRequired };
}

function coordinateOf(code: string, path: string | undefined, details: ApiChange['details']): string {
  if (path === undefined) {
    const root = /^SCHEMA_(\w)(\w+)_TYPE_CHANGED$/.exec(code);
    const [, first = '', rest = ''] = root ?? [];
    const name = details[`old${first}${rest.toLowerCase()}TypeName`];
    return typeof name === 'string' ? name : `${first}${rest.toLowerCase()}`;
  }
  // Of an argument that a directive has more, the path does not tell the name.
  const more = details.addedDirectiveArgumentName;
  if (typeof more === 'string') return `${path}(${more}:)`;
  // What follows the name of a directive is about the directive, as it is used there.
  const [type = '', member, argument] = path.replace(/(?<=.)\.@.*$/, '').split('.');
  if (member === undefined) return type;
  if (type.startsWith('@')) return `${type}(${member}:)`;
  return argument === undefined ? `${type}.${member}` : `${type}.${member}(${argument}:)`;
}

function isRequiredIn(schema: GraphQLSchema, coordinate: string): boolean {
  const [, ownerName = '', member, argument] =
    /^(@?[^.(]+)(?:\.([^.(]+))?(?:\((\w+):\))?$/.exec(coordinate) ?? [];
  const type = schema.getType(ownerName);
  if (isInputObjectType(type)) {
    const field = type.getFields()[member ?? ''];
    return field !== undefined && isRequiredInputField(field);
  }
  const parent = isObjectType(type) || isInterfaceType(type) ? type.getFields()[member ?? ''] : undefined;
  const args = (parent ?? schema.getDirective(ownerName.slice(1)))?.args ?? [];
  return args.some((each) => each.name === argument && isRequiredArgument(each));
}
