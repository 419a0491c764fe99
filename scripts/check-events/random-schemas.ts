import fc from 'fast-check';
import type { EventNode } from './event-schema.ts';

/** A part of a schema as it stands in a file. */
export type RawNode = EventNode & { description: string };

const names = ['a', 'b', 'c', 'd'];
const patterns = ['^[a-z]{1,3}$', '^x+$'];
const id = 'urn:shop:thing.happened:v1';

/** The document of a whole schema around these members. */
export function asSchema(node: RawNode): object {
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return { $schema, $id: id, title: 'ThingHappenedV1', ...node };
}

/** A bound that is often there, and a range that is never empty. */
function range(low: string, high: string, from: number): fc.Arbitrary<Record<string, number>> {
  return fc
    .record({
      [low]: fc.integer({ min: from, max: 2 }),
      [high]: fc.integer({ min: 2, max: 4 }),
    })
    .chain((bounds) => fc.subarray([low, high]).map((kept) => pick(bounds, kept)));
}

function pick<T>(from: Record<string, T>, keys: string[]): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, from[key]!]));
}

const description = fc.constantFrom('One.', 'Another.');
const leaf: fc.Arbitrary<object> = fc.oneof(
  fc.constant({ type: 'boolean' }),
  range('minimum', 'maximum', -2).map((bounds) => ({ type: 'integer', ...bounds })),
  range('minLength', 'maxLength', 0).map((bounds) => ({ type: 'string', ...bounds })),
  fc.constantFrom(...patterns).map((pattern) => ({ type: 'string', pattern })),
  fc.constant({ type: 'string', format: 'date-time' }),
  fc.subarray(['X', 'Y', 'Z'], { minLength: 1 }).map((values) => ({ type: 'string', enum: values })),
);

function object(depth: number): fc.Arbitrary<object> {
  return fc.subarray(names, { minLength: 1 }).chain((declared) =>
    fc.record({
      type: fc.constant('object'),
      properties: fc.record(Object.fromEntries(declared.map((name) => [name, nodes(depth - 1)]))),
      required: fc.subarray(declared),
    }),
  );
}

function list(depth: number): fc.Arbitrary<object> {
  const bounds = range('minItems', 'maxItems', 0);
  return fc.tuple(bounds, nodes(depth - 1)).map(([of, items]) => ({ type: 'array', ...of, items }));
}

function nodes(depth: number): fc.Arbitrary<RawNode> {
  const bare = depth === 0 ? leaf : fc.oneof({ weight: 3, arbitrary: leaf }, object(depth), list(depth));
  return fc.tuple(bare, description).map(([node, text]) => ({ ...node, description: text }) as RawNode);
}

/** The root of a schema. */
export const roots: fc.Arbitrary<RawNode> = fc
  .tuple(object(2), description)
  .map(([node, text]) => ({ ...node, description: text }) as RawNode);

/**
 * What somebody may make of a schema: mostly little, so that many pairs are compatible; sometimes a part of it becomes
 * something else, or gets another bound.
 */
export function changesOf(node: RawNode): fc.Arbitrary<RawNode> {
  const inside = changesInside(node);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(node) },
    { weight: 12, arbitrary: inside },
    { weight: 1, arbitrary: sameKind(node) },
  );
}

function sameKind(node: RawNode): fc.Arbitrary<RawNode> {
  return nodes(1).filter(({ type }) => type === node.type || type === 'boolean');
}

function changesInside(node: RawNode): fc.Arbitrary<RawNode> {
  if (node.type === 'array') {
    return changesOf(node.items as RawNode).map((items) => ({ ...node, items }));
  }
  if (node.type !== 'object') return changesOfLeaf(node);
  const changed = mapValues(node.properties, (property) => changesOf(property as RawNode));
  const own = fc.oneof(
    { weight: 8, arbitrary: fc.record(changed) },
    { weight: 1, arbitrary: fc.record(changed, { requiredKeys: node.required }) },
  );
  const more = fc.dictionary(fc.constantFrom(...names, 'e', 'f'), nodes(1), { maxKeys: 2 });
  const kept = fc.oneof(
    { weight: 8, arbitrary: fc.constant(node.required) },
    { weight: 1, arbitrary: fc.subarray(Object.keys(node.properties)) },
  );
  return fc.tuple(own, more, kept, description).map(([changed, added, required, text]) => {
    const properties = { ...added, ...changed };
    const declared = required.filter((name) => Object.hasOwn(properties, name));
    return { ...node, description: text, properties, required: declared };
  });
}

/** One that says the same of itself in other words, or bounds itself by the same keywords otherwise. */
function changesOfLeaf(node: RawNode): fc.Arbitrary<RawNode> {
  const keywords = (of: object) => Object.keys(of).sort().join();
  return fc.oneof(
    { weight: 3, arbitrary: description.map((text) => ({ ...node, description: text })) },
    { weight: 1, arbitrary: nodes(0).filter((one) => keywords(one) === keywords(node)) },
  );
}

function mapValues<T, U>(from: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, map(value)]));
}

/** What a writer of this schema may write: members that it declares, and values that it allows. */
export function documentsOf(node: EventNode): fc.Arbitrary<unknown> {
  switch (node.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: node.minimum ?? -9, max: node.maximum ?? 9 });
    case 'array':
      return fc.array(documentsOf(node.items), {
        minLength: node.minItems ?? 0,
        maxLength: node.maxItems ?? 6,
      });
    case 'object':
      return fc.record(mapValues(node.properties, documentsOf), { requiredKeys: node.required });
    case 'string':
      return textsOf(node);
  }
}

function textsOf({
  enum: values,
  pattern,
  format,
  minLength = 0,
  maxLength = 6,
}: Text): fc.Arbitrary<string> {
  if (values) return fc.constantFrom(...values);
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  if (format) return fc.constantFrom('2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00+01:00');
  return fc.string({ minLength, maxLength });
}

type Text = Extract<EventNode, { type: 'string' }>;
