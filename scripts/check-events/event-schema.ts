import { z } from 'zod';

/** A part of the schema of an event: the keywords of JSON Schema that we use, and no others. */
export type EventNode =
  | { type: 'object'; properties: Record<string, EventNode>; required: string[] }
  | { type: 'array'; items: EventNode; minItems?: number | undefined; maxItems?: number | undefined }
  | {
      type: 'string';
      enum?: string[] | undefined;
      pattern?: string | undefined;
      format?: string | undefined;
      minLength?: number | undefined;
      maxLength?: number | undefined;
    }
  | { type: 'integer'; minimum?: number | undefined; maximum?: number | undefined }
  | { type: 'boolean' };

export type EventSchema = Extract<EventNode, { type: 'object' }> & { $id: string };

/** What stands in the way of reading a schema, and where: `$.lines[].quantity`. */
export interface SchemaProblem {
  code: 'KEYWORD_UNKNOWN' | 'KEYWORD_MALFORMED';
  path: string;
  message: string;
}

export type ReadSchema =
  | { kind: 'schema'; schema: EventSchema }
  | { kind: 'problems'; problems: SchemaProblem[] };

const description = z.string().min(1);
const count = z.int().min(0).optional();
const uniqueNames = z
  .array(z.string())
  .refine((names) => new Set(names).size === names.length, 'must name each once');

const pattern = z.string().refine(isPattern, 'must be a regular expression');

const text = z.strictObject({
  type: z.literal('string'),
  description,
  enum: uniqueNames.min(1).optional(),
  pattern: pattern.optional(),
  format: z.literal('date-time').optional(),
  minLength: count,
  maxLength: count,
});
const integer = z.strictObject({
  type: z.literal('integer'),
  description,
  minimum: z.int().optional(),
  maximum: z.int().optional(),
});
const truth = z.strictObject({ type: z.literal('boolean'), description });
const list = z.strictObject({
  type: z.literal('array'),
  description,
  items: z.lazy((): z.ZodType<EventNode> => node),
  minItems: count,
  maxItems: count,
});
const members = {
  type: z.literal('object'),
  description,
  properties: z.record(
    z.string().regex(/^[A-Za-z]\w*$/),
    z.lazy((): z.ZodType<EventNode> => node),
  ),
  required: uniqueNames.default([]),
};
const node: z.ZodType<EventNode> = z
  .discriminatedUnion('type', [text, integer, truth, list, z.strictObject(members)])
  .superRefine(requireDeclared);

const root = z
  .strictObject({
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema'),
    $id: z.string().regex(/^urn:shop:[a-z_.]+:v[1-9]\d*$/),
    title: z.string().min(1),
    ...members,
  })
  .superRefine(requireDeclared);

/** As ajv compiles it. */
function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function requireDeclared(value: EventNode, context: z.RefinementCtx): void {
  if (value.type !== 'object') return;
  const missing = value.required.filter((name) => !Object.hasOwn(value.properties, name));
  if (missing.length === 0) return;
  const message = `names ${missing.join(', ')}, which properties do not declare`;
  context.addIssue({ code: 'custom', path: ['required'], message });
}

/** Reads a schema. A keyword that is not ours is refused, since nobody could say which of its changes do harm. */
export function readEventSchema(document: unknown): ReadSchema {
  const parsed = root.safeParse(document);
  if (parsed.success) return { kind: 'schema', schema: parsed.data };
  return { kind: 'problems', problems: parsed.error.issues.map(problemOf) };
}

function problemOf(issue: z.core.$ZodIssue): SchemaProblem {
  const { path, keyword } = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const message = `${issue.keys.join(', ')}: not among the keywords that events use`;
    return { code: 'KEYWORD_UNKNOWN', path, message };
  }
  return { code: 'KEYWORD_MALFORMED', path, message: `${keyword}: ${issue.message}` };
}

/** Where in the data, and by which keyword, from a place in the schema. */
function placeOf(schemaPath: PropertyKey[]): { path: string; keyword: string } {
  let path = '$';
  const rest = schemaPath.map(String);
  for (;;) {
    const [keyword, name] = rest;
    if (keyword === 'items') path += '[]';
    else if (keyword === 'properties' && name !== undefined) path += `.${name}`;
    else break;
    rest.splice(0, keyword === 'items' ? 1 : 2);
  }
  return { path, keyword: rest.join('/') || 'schema' };
}
