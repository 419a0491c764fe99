import { type ApiChange, ownerOf } from './api-changes.ts';

/** What somebody uses: coordinates, as SchemaUses names them. */
type Uses = Pick<ReadonlySet<string>, 'has' | 'keys'>;

/** The coordinate by whose use a change is noticed; null when it is not, whatever is in use. */
type Rule = (change: ApiChange, uses: Uses) => string | null;

const itself: Rule = ({ coordinate }) => coordinate;

/** Whoever uses what it belongs to: the field of an argument, the type of an input field. */
const owner: Rule = ({ coordinate }) => ownerOf(coordinate);

/** Who leaves out what may be left out does not notice; what has to be given concerns everybody. */
const ownerIfRequired: Rule = ({ coordinate, isRequired }) => (isRequired ? ownerOf(coordinate) : coordinate);

/** Whoever may be given one of several types, and names this one or asks it for a field of an interface. */
const memberOf =
  (abstractName: string, memberName: string): Rule =>
  ({ details }, uses) => {
    const member = String(details[memberName]);
    const isAsked = uses.keys().some((used) => used === `... on ${member}` || used.startsWith(`${member}.`));
    return isAsked ? String(details[abstractName]) : null;
  };

const rules: Readonly<Record<string, Rule>> = {
  FIELD_REMOVED: itself,
  FIELD_TYPE_CHANGED: itself,
  FIELD_ARGUMENT_ADDED: owner,
  FIELD_ARGUMENT_REMOVED: itself,
  FIELD_ARGUMENT_TYPE_CHANGED: ownerIfRequired,
  FIELD_ARGUMENT_DEFAULT_CHANGED: owner,
  ENUM_VALUE_REMOVED: itself,
  INPUT_FIELD_ADDED: owner,
  INPUT_FIELD_REMOVED: itself,
  INPUT_FIELD_TYPE_CHANGED: ownerIfRequired,
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: owner,
  TYPE_REMOVED: itself,
  TYPE_KIND_CHANGED: itself,
  UNION_MEMBER_REMOVED: memberOf('unionName', 'removedUnionMemberTypeName'),
  OBJECT_TYPE_INTERFACE_REMOVED: memberOf('removedInterfaceName', 'objectTypeName'),
  SCHEMA_QUERY_TYPE_CHANGED: () => 'query',
  SCHEMA_MUTATION_TYPE_CHANGED: () => 'mutation',
  SCHEMA_SUBSCRIPTION_TYPE_CHANGED: () => 'subscription',
  DIRECTIVE_REMOVED: itself,
  DIRECTIVE_LOCATION_REMOVED: ({ coordinate, details }) =>
    `${coordinate} on ${String(details.removedDirectiveLocation)}`,
  DIRECTIVE_ARGUMENT_ADDED: ownerIfRequired,
  DIRECTIVE_ARGUMENT_REMOVED: itself,
  DIRECTIVE_ARGUMENT_TYPE_CHANGED: ownerIfRequired,
  DIRECTIVE_USAGE_INPUT_OBJECT_ADDED: itself,
};

/** The kinds of change that break clients as far as we know who notices them. */
export const knownBreakingCodes: readonly string[] = Object.keys(rules);

/**
 * By which of these uses of a schema a change of it that breaks clients is noticed; null when it is not.
 */
export function noticedBy(change: ApiChange, uses: Uses): string | null {
  const rule = rules[change.code];
  // Of a kind that we do not know, everybody may notice.
  if (!rule) return change.coordinate;
  const coordinate = rule(change, uses);
  return coordinate !== null && uses.has(coordinate) ? coordinate : null;
}
