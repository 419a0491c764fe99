import { describe, type Figures, noFigures, together } from './figures.ts';

/** One of several things that are compared. */
export interface Variant<Name extends string = string> {
  name: Name;
  run(seconds: number): Promise<Figures>;
}

export interface Rounds {
  rounds: number;
  /** Of one slice; each variant runs for half of it before, for nothing. */
  seconds: number;
  print: (line: string) => void;
}

/**
 * Runs the variants in turn, A B then B A, so that what changes while all of them run (a busy machine, a growing
 * database) is the same for each, and their ratios are worth more than their figures.
 */
export async function interleave<Name extends string>(
  variants: Variant<Name>[],
  { rounds, seconds, print }: Rounds,
): Promise<Map<Name, Figures>> {
  const sums = new Map<Name, Figures>(variants.map(({ name }) => [name, noFigures()]));
  for (const { name, run } of variants) {
    print(`warming up: ${name}`);
    await run(seconds / 2);
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, run } of round % 2 === 1 ? variants : variants.toReversed()) {
      const figures = await run(seconds);
      sums.set(name, together(sums.get(name)!, figures));
      print(`round ${round} of ${rounds}: ${name}: ${describe(figures)}`);
    }
  }
  return sums;
}
