import { cpuMsEach, type Figures, quantileMs, rateOf } from './figures.ts';

/** One line of the result. */
export interface Row {
  /** What it stands on: `embedded` or `real`. */
  on: string;
  /** What was measured, as its line calls it. */
  what: string;
  figures: Figures;
}

/** Two throughputs that were measured interleaved, and what their ratio ought to be at least, if anything. */
export interface Ratio {
  on: string;
  what: string;
  value: number;
  atLeast?: number;
}

export interface Result {
  /** What is counted per second. */
  unit: string;
  rows: Row[];
  ratios: Ratio[];
}

/** The result as Markdown: a table of figures and one of ratios. */
export function toMarkdown({ unit, rows, ratios }: Result): string {
  const figures = rows.map(({ on, what, figures: of }) => [
    on,
    what,
    rateOf(of).toFixed(0),
    quantileMs(of, 0.5).toFixed(1),
    quantileMs(of, 0.99).toFixed(1),
    cpuMsEach(of).toFixed(2),
    String(of.failed),
  ]);
  const compared = ratios.map(({ on, what, value, atLeast }) => [
    on,
    what,
    value.toFixed(2),
    atLeast === undefined ? '' : `${atLeast} (${value >= atLeast ? 'met' : 'not met'})`,
  ]);
  return [
    ...table(['on', 'what', `${unit}/s`, 'p50 ms', 'p99 ms', 'CPU ms each', 'failed'], figures),
    '',
    ...table(['on', 'ratio', 'is', 'at least'], compared),
  ].join('\n');
}

/** The result for programs: without the single latencies. */
export function toJson({ unit, rows, ratios }: Result): string {
  const figures = rows.map(({ on, what, figures: of }) => ({
    on,
    what,
    perSecond: rateOf(of),
    p50Ms: quantileMs(of, 0.5),
    p99Ms: quantileMs(of, 0.99),
    cpuMsEach: cpuMsEach(of),
    failed: of.failed,
  }));
  return `${JSON.stringify({ unit, figures, ratios }, null, 2)}\n`;
}

export function ratioOf(
  on: string,
  what: string,
  [above, below]: [Figures | undefined, Figures | undefined],
  atLeast?: number,
): Ratio {
  const value = above && below && rateOf(below) > 0 ? rateOf(above) / rateOf(below) : 0;
  return { on, what, value, ...(atLeast !== undefined && { atLeast }) };
}

function table(heads: string[], rows: string[][]): string[] {
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
