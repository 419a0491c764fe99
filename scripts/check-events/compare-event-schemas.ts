import { type EventNode, readEventSchema, type SchemaProblem } from './event-schema.ts';

/** A change that a major version must not see: what is written by one side would not be understood by the other. */
export interface Incompatibility {
  code:
    | SchemaProblem['code']
    | 'ID_CHANGED'
    | 'TYPE_CHANGED'
    | 'PROPERTY_REMOVED'
    | 'PROPERTY_REQUIRED'
    | 'PROPERTY_OPTIONAL'
    | 'ENUM_WIDENED'
    | 'ENUM_NARROWED'
    | 'RANGE_WIDENED'
    | 'RANGE_NARROWED'
    | 'PATTERN_CHANGED'
    | 'FORMAT_CHANGED';
  /** Where in the data: `$.lines[].quantity`. */
  path: string;
  message: string;
}

/**
 * What stands between two states of a major version. Nothing does only if each understands all that the other writes:
 * records of the older are valid by the newer, since they lie in topics, outboxes and dead letters, and those of the
 * newer by the older, since processes are replaced one by one. So properties may be added, optional ones, and
 * descriptions may change; that is all. It carries over: what fits its predecessor fits all before it.
 *
 * A writer writes only what its schema declares. That is why a property is never removed: it could come back as another.
 */
export function compareEventSchemas(older: unknown, newer: unknown): Incompatibility[] {
  const before = readEventSchema(older);
  const after = readEventSchema(newer);
  if (before.kind === 'problems' || after.kind === 'problems') {
    return [...problemsOf(before, 'the older'), ...problemsOf(after, 'the newer')];
  }
  const isRenamed = before.schema.$id !== after.schema.$id;
  const renamed = isRenamed ? [found('ID_CHANGED', '$', `${before.schema.$id} → ${after.schema.$id}`)] : [];
  return [...renamed, ...compareNodes('$', before.schema, after.schema)];
}

function problemsOf(read: ReturnType<typeof readEventSchema>, which: string): Incompatibility[] {
  if (read.kind === 'schema') return [];
  return read.problems.map(({ code, path, message }) => found(code, path, `${message} (in ${which})`));
}

function compareNodes(path: string, before: EventNode, after: EventNode): Incompatibility[] {
  if (before.type === 'object' && after.type === 'object') return compareMembers(path, before, after);
  if (before.type === 'array' && after.type === 'array') {
    return [
      ...compareRange(path, ['minItems', before.minItems ?? 0, after.minItems ?? 0]),
      ...compareRange(path, ['maxItems', before.maxItems, after.maxItems]),
      ...compareNodes(`${path}[]`, before.items, after.items),
    ];
  }
  if (before.type === 'string' && after.type === 'string') return compareTexts(path, before, after);
  if (before.type === 'integer' && after.type === 'integer') {
    return [
      ...compareRange(path, ['minimum', before.minimum, after.minimum]),
      ...compareRange(path, ['maximum', before.maximum, after.maximum]),
    ];
  }
  if (before.type === after.type) return [];
  return [found('TYPE_CHANGED', path, `${before.type} → ${after.type}`)];
}

type Members = Extract<EventNode, { type: 'object' }>;

function compareMembers(path: string, before: Members, after: Members): Incompatibility[] {
  const old = Object.entries(before.properties).flatMap(([name, property]) => {
    const at = `${path}.${name}`;
    const now = Object.hasOwn(after.properties, name) ? after.properties[name] : undefined;
    if (!now) return [found('PROPERTY_REMOVED', at, 'consumers may read it, and its name is taken for ever')];
    const isLoosened = before.required.includes(name) && !after.required.includes(name);
    const loosened = found('PROPERTY_OPTIONAL', at, 'consumers that are not replaced yet require it');
    return [...(isLoosened ? [loosened] : []), ...compareNodes(at, property, now)];
  });
  const demanded = after.required
    .filter((name) => !before.required.includes(name))
    .map((name) => found('PROPERTY_REQUIRED', `${path}.${name}`, 'records written before may lack it'));
  return [...old, ...demanded];
}

type Text = Extract<EventNode, { type: 'string' }>;

function compareTexts(path: string, before: Text, after: Text): Incompatibility[] {
  const isPatternKept = before.pattern === after.pattern;
  const isFormatKept = before.format === after.format;
  const said = (keyword?: string) => keyword ?? 'none';
  return [
    ...compareEnums(path, before.enum, after.enum),
    ...compareRange(path, ['minLength', before.minLength ?? 0, after.minLength ?? 0]),
    ...compareRange(path, ['maxLength', before.maxLength, after.maxLength]),
    ...(isPatternKept
      ? []
      : [found('PATTERN_CHANGED', path, `${said(before.pattern)} → ${said(after.pattern)}`)]),
    ...(isFormatKept
      ? []
      : [found('FORMAT_CHANGED', path, `${said(before.format)} → ${said(after.format)}`)]),
  ];
}

function compareEnums(path: string, before?: string[], after?: string[]): Incompatibility[] {
  const added = after?.filter((value) => before && !before.includes(value)) ?? [];
  const gone = before?.filter((value) => after && !after.includes(value)) ?? [];
  const isWider = added.length > 0 || (before && !after);
  const isNarrower = gone.length > 0 || (after && !before);
  return [
    ...(isWider ? [found('ENUM_WIDENED', path, `new: ${added.join(', ') || 'anything'}`)] : []),
    ...(isNarrower ? [found('ENUM_NARROWED', path, `gone: ${gone.join(', ') || 'anything else'}`)] : []),
  ];
}

type Bound = [keyword: string, before: number | undefined, after: number | undefined];

/** A lower bound's keyword begins with `min`, an upper one's with `max`; a bound that is not there bounds nothing. */
function compareRange(path: string, [keyword, before, after]: Bound): Incompatibility[] {
  if (before === after) return [];
  const isLower = keyword.startsWith('min');
  const nothing = isLower ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const isRaised = (after ?? nothing) > (before ?? nothing);
  const code = isRaised === isLower ? 'RANGE_NARROWED' : 'RANGE_WIDENED';
  return [found(code, path, `${keyword} ${before ?? 'none'} → ${after ?? 'none'}`)];
}

function found(code: Incompatibility['code'], path: string, message: string): Incompatibility {
  return { code, path, message };
}
