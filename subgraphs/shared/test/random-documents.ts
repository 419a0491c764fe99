import fc from 'fast-check';
import type { Filter, Index } from '../src/documents/port.ts';
import type { AnyDoc } from './documents-adapters.ts';

/**
 * Small documents that collide often, filters over them, and updates: inside the subset on which MongoDB,
 * mongo-java-server and mingo agree. (They do not on null inside arrays of documents.)
 */
const day = (number: number) => new Date(number * 86_400_000);
const numbers = fc.integer({ min: -2, max: 3 });
const words = fc.constantFrom('a', 'ab', 'abc', 'b', 'ba');
const dates = fc.integer({ min: 1, max: 4 }).map(day);

const fields = {
  n: fc.oneof(numbers, words, fc.constant(null)),
  s: words,
  at: dates,
  flag: fc.boolean(),
  tags: fc.array(words, { maxLength: 3 }),
  terms: fc.uniqueArray(words, { maxLength: 3 }),
  lines: fc.array(fc.record({ id: words, q: numbers }), { maxLength: 3 }),
  map: fc.dictionary(fc.constantFrom('o-1', 'o:2'), fc.record({ q: numbers }), { maxKeys: 2 }),
};

/** Up to twenty documents, each with some of the fields. */
export function documentsOf(): fc.Arbitrary<AnyDoc[]> {
  const document = fc.record(fields, { requiredKeys: [], noNullPrototype: true });
  return fc
    .array(document, { maxLength: 20 })
    .map((documents) => documents.map((one, at) => ({ _id: `d${String(at).padStart(2, '0')}`, ...one })));
}

const ranges = <T>(values: fc.Arbitrary<T>) =>
  fc
    .record(
      { $gt: values, $gte: values, $lt: values, $lte: values },
      { requiredKeys: [], noNullPrototype: true },
    )
    .filter((range) => Object.keys(range).length > 0);

const scalar = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    values,
    fc.record({ $ne: values }, { noNullPrototype: true }),
    fc.record({ $in: fc.array(values, { maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ $nin: fc.array(values, { maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ $exists: fc.boolean() }, { noNullPrototype: true }),
    ranges(values),
    ranges(values).map(($not) => ({ $not })),
  );

const patterns = fc.constantFrom(/^a/, /^ab/, /^b/, /^abc/);
const oneRange = (values: fc.Arbitrary<unknown>) =>
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), values)
    .map(([operator, value]) => ({ [operator]: value }));
const inArray = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    values,
    fc.record({ $in: fc.array(values, { maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ $ne: values }, { noNullPrototype: true }),
  );
const line = fc
  .record({ id: words, q: oneRange(numbers) }, { requiredKeys: [], noNullPrototype: true })
  .filter((condition) => Object.keys(condition).length > 0);
const all = fc.array(fc.oneof(words, patterns), { minLength: 1, maxLength: 2 }).map(($all) => ({ $all }));

/** Conditions on one field each. Ranges with two bounds match arrays alike on MongoDB and mingo only. */
function conditionsOn(rangeOfArray: (values: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>) {
  return {
    _id: fc.constantFrom('d00', 'd03', { $in: ['d01', 'd02', 'd09'] }, { $gt: 'd05' }, { $lte: 'd02' }),
    n: fc.oneof(scalar(numbers), scalar(words), fc.constant(null)),
    s: fc.oneof(
      scalar(words),
      patterns,
      patterns.map(($not) => ({ $not })),
    ),
    at: scalar(dates),
    flag: scalar(fc.boolean()),
    tags: fc.oneof(inArray(words), rangeOfArray(words), all, patterns),
    terms: fc.oneof(inArray(words), rangeOfArray(words), all),
    'lines.id': fc.oneof(inArray(words), rangeOfArray(words)),
    'lines.q': fc.oneof(inArray(numbers), rangeOfArray(numbers)),
    lines: line.map(($elemMatch) => ({ $elemMatch })),
    'lines.0.q': scalar(numbers),
    'tags.1': fc.boolean().map(($exists) => ({ $exists })),
    'map.o-1.q': scalar(numbers),
    'map.o:2': fc.boolean().map(($exists) => ({ $exists })),
  };
}

type FilterArbitrary = fc.Arbitrary<Filter<AnyDoc>>;

function filtersOver(conditions: Record<string, fc.Arbitrary<unknown>>): FilterArbitrary {
  const field = fc.oneof(
    ...Object.entries(conditions).map(([path, values]) => values.map((value) => ({ [path]: value }))),
  );
  // Few fields, so that something is found.
  const few = fc.array(field, { minLength: 1, maxLength: 2 }).map((parts) => Object.assign({}, ...parts));
  const branches = fc.array(few, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 3, arbitrary: few },
    { weight: 1, arbitrary: fc.tuple(few, branches).map(([one, $or]) => ({ ...one, $or })) },
    { weight: 1, arbitrary: fc.tuple(few, branches).map(([one, $and]) => ({ ...one, $and })) },
  );
}

/** A filter of the subset that every server answers alike. */
export const anyFilter: FilterArbitrary = filtersOver(conditionsOn(oneRange));

/** A filter of the subset that MongoDB and mingo answer alike. */
export const anyMongoFilter: FilterArbitrary = filtersOver(conditionsOn(ranges));

const indexes: Index[] = [
  { key: { n: 1 } },
  { key: { n: -1 }, sparse: true },
  { key: { n: 1, s: -1, _id: 1 } },
  { key: { s: 1, at: -1, _id: -1 } },
  { key: { at: 1 }, sparse: true },
  { key: { flag: 1, at: 1 }, sparse: true },
  { key: { tags: 1 } },
  { key: { terms: 1, at: -1 } },
  { key: { 'lines.id': 1 } },
  { key: { 'lines.q': -1 }, sparse: true },
  { key: { 'map.o-1.q': 1 } },
];

export const indexSets: fc.Arbitrary<Index[]> = fc.uniqueArray(fc.constantFrom(...indexes), {
  maxLength: 4,
  selector: (index) => JSON.stringify(index.key),
});

const one = (operator: string, path: string, value: fc.Arbitrary<unknown>) =>
  value.map((operand) => ({ [operator]: { [path]: operand } }));

/** An update of the subset that never fails on these documents. */
export function updateOf(): fc.Arbitrary<object> {
  return fc.oneof(
    one('$set', 'n', numbers),
    one('$set', 's', words),
    one('$set', 'map.o-1', fc.record({ q: numbers }, { noNullPrototype: true })),
    one('$unset', 'at', fc.constant('')),
    one('$unset', 'map.o-1', fc.constant('')),
    one('$inc', 'count.deep', numbers),
    one('$min', 'count.low', numbers),
    one('$max', 'fence.0h', numbers),
    one('$max', 'at', dates),
    one('$push', 'tags', words),
    one('$push', 'lines', fc.record({ id: words, q: numbers }, { noNullPrototype: true })),
    one(
      '$push',
      'fresh.list',
      fc.array(words, { maxLength: 2 }).map(($each) => ({ $each })),
    ),
    one('$addToSet', 'tags', words),
    one(
      '$addToSet',
      'terms',
      fc.array(words, { maxLength: 3 }).map(($each) => ({ $each })),
    ),
    one(
      '$pull',
      'tags',
      fc.oneof(
        words,
        fc.array(words, { maxLength: 2 }).map(($in) => ({ $in })),
      ),
    ),
    one('$pull', 'lines', line),
    fc.record(
      { $inc: fc.constant({ count2: 1 }), $set: fc.constant({ flag: true }), $unset: fc.constant({ s: '' }) },
      { noNullPrototype: true },
    ),
  );
}
