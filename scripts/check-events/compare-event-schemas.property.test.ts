import { createEventAjv } from '@shop/shared/events/event-ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEventSchemas } from './compare-event-schemas.ts';
import type { EventNode } from './event-schema.ts';
import { asSchema, changesOf, documentsOf, type RawNode, roots } from './random-schemas.ts';

const ajv = createEventAjv();
const pairs = roots.chain((older) => fc.tuple(fc.constant(older), changesOf(older)));

function isCompatible(older: RawNode, newer: RawNode): boolean {
  return compareEventSchemas(asSchema(older), asSchema(newer)).length === 0;
}

/** Documents of the writer's schema that a reader with the other one refuses. */
function refused(writer: EventNode, reader: RawNode): unknown[] {
  const validate = ajv.compile(asSchema(reader));
  ajv.removeSchema();
  return fc.sample(documentsOf(writer), { numRuns: 30, seed: 7 }).filter((document) => !validate(document));
}

test('where nothing is found, each side understands whatever the other writes', () => {
  let compatible = 0;
  let changed = 0;
  fc.assert(
    fc.property(pairs, ([older, newer]) => {
      if (!isCompatible(older, newer)) return;
      compatible++;
      if (JSON.stringify(older) !== JSON.stringify(newer)) changed++;
      expect(refused(older, newer)).toEqual([]);
      expect(refused(newer, older)).toEqual([]);
    }),
    { numRuns: 200 },
  );
  // Otherwise the property would have said nothing.
  expect(changed).toBeGreaterThan(20);
  expect(compatible).toBeLessThan(200);
});

test('what fits its predecessor fits all before it', () => {
  const chains = pairs.chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), changesOf(b)));
  let held = 0;
  fc.assert(
    fc.property(chains, ([a, b, c]) => {
      if (!isCompatible(a, b) || !isCompatible(b, c)) return;
      held++;
      expect(compareEventSchemas(asSchema(a), asSchema(c))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
  expect(held).toBeGreaterThan(100);
});

test('a schema is compatible with itself', () => {
  fc.assert(fc.property(roots, (schema) => isCompatible(schema, schema)));
});
