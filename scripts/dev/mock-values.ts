import { createHash } from 'node:crypto';

/** Few, so that what one mocked subgraph refers to is what another lists. */
const idCount = 50;

const words =
  'amber birch cedar dune ember fjord grove heron iris juniper kelp larch maple nettle opal pine'.split(' ');

/** A number from 0 up to, but not including, `bound`: always the same for the same seed. */
export function numberFor(seed: string, bound: number): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) % bound;
}

/** The id of an entity of this type, such as product-17; those of a list, by their place in it, differ. */
export function idFor(type: string, seed: string, place = 0): string {
  return `${type.toLowerCase()}-${((numberFor(seed, idCount) + place) % idCount) + 1}`;
}

/** A made-up value of a scalar for this field: of the field's name it takes what it can. */
export function scalarFor(type: string, field: string, seed: string): unknown {
  switch (type) {
    case 'ID':
      return idFor(field.replace(/^_|_?ids?$/gi, '') || 'id', seed);
    case 'Int':
      return /price|total|amount|cost/i.test(field) ? 100 + numberFor(seed, 9_900) : 1 + numberFor(seed, 100);
    case 'Float':
      return numberFor(seed, 10_000) / 100;
    case 'Boolean':
      // A mocked list has one page.
      return field === 'hasNextPage' ? false : numberFor(seed, 2) === 1;
    case 'DateTime':
      return new Date(Date.UTC(2026, 0, 1) + numberFor(seed, 365 * 24 * 60) * 60_000).toISOString();
    default:
      return textFor(field, seed);
  }
}

function textFor(field: string, seed: string): string {
  const word = (n: number) => words[numberFor(`${seed}#${n}`, words.length)]!;
  if (/url$/i.test(field)) return `https://example.org/${word(1)}-${numberFor(seed, 1_000)}.png`;
  if (/email$/i.test(field)) return `${word(1)}.${word(2)}@example.org`;
  if (/username|login|slug|cursor|token/i.test(field)) return `${word(1)}-${numberFor(seed, 1_000)}`;
  if (/name|title/i.test(field)) return `${capitalised(word(1))} ${word(2)}`;
  return `${capitalised(word(1))} ${word(2)} and ${word(3)}.`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
