/** What one or several slices of load have shown. */
export interface Figures {
  /** Requests answered within the time that counts, as they should be. */
  counted: number;
  /** The time that counts. */
  elapsedMs: number;
  /** Of those counted. */
  latenciesMs: number[];
  /** All that were answered, however and whenever. */
  answered: number;
  /** Those answered otherwise: errors, rejected or undecided orders. They make a figure worthless. */
  failed: number;
  /** What the shop's processes computed for those answered. */
  cpuMs: number;
}

export const noFigures = (): Figures => ({
  counted: 0,
  elapsedMs: 0,
  latenciesMs: [],
  answered: 0,
  failed: 0,
  cpuMs: 0,
});

/** Both together, as if they had been one longer slice. */
export function together(a: Figures, b: Figures): Figures {
  return {
    counted: a.counted + b.counted,
    elapsedMs: a.elapsedMs + b.elapsedMs,
    latenciesMs: a.latenciesMs.concat(b.latenciesMs),
    answered: a.answered + b.answered,
    failed: a.failed + b.failed,
    cpuMs: a.cpuMs + b.cpuMs,
  };
}

/** Requests per second; 0 where nothing ran. */
export function rateOf({ counted, elapsedMs }: Figures): number {
  return elapsedMs === 0 ? 0 : (counted / elapsedMs) * 1_000;
}

/** What a request costs the shop, which says more than the rate where others use the machine as well; 0 where nothing ran. */
export function cpuMsEach({ cpuMs, answered }: Figures): number {
  return answered === 0 ? 0 : cpuMs / answered;
}

/** The latency that this share of the requests did not exceed, by the nearest rank; 0 where there are none. */
export function quantileMs({ latenciesMs }: Figures, share: number): number {
  const sorted = Float64Array.from(latenciesMs).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** `812.3/s, p50 11.0 ms, p99 40.2 ms, 1.31 ms of CPU each`, and what failed, if anything did. */
export function describe(figures: Figures): string {
  const [p50, p99] = [quantileMs(figures, 0.5), quantileMs(figures, 0.99)];
  const latency = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  const failed = figures.failed > 0 ? `, ${figures.failed} FAILED` : '';
  return `${rateOf(figures).toFixed(1)}/s, ${latency}, ${cpuMsEach(figures).toFixed(2)} ms of CPU each${failed}`;
}
