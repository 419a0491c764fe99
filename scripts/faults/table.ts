/** What one run of a scenario came to. */
export interface Run {
  scenario: string;
  seed: number;
  acknowledged: number;
  decided: number;
  /** From the end of the load and the fault; null: it never became quiet. */
  quietAfterMs: number | null;
  /** Requests that failed at both attempts. */
  unavailable: number;
  violations: string[];
}

/** Of a run that could not be played to its end. */
export const nothingCame = { acknowledged: 0, decided: 0, quietAfterMs: null, unavailable: 0 };

/** What a run came to, with its first violations. */
export function describe({ acknowledged, decided, quietAfterMs, unavailable, violations }: Run): string {
  const quiet = quietAfterMs === null ? 'never quiet' : `quiet after ${(quietAfterMs / 1_000).toFixed(1)} s`;
  const head = `${acknowledged} acknowledged, ${decided} decided, ${unavailable} not taken, ${quiet}`;
  return [`${head}, ${violations.length} violations`, ...violations.slice(0, 20)].join('\n    ');
}

/** A Markdown table with a row for each scenario, over all its runs. */
export function toTable(runs: Run[]): string {
  const names = [...new Set(runs.map(({ scenario }) => scenario))];
  const rows = names.map((name) => {
    const ofScenario = runs.filter(({ scenario }) => scenario === name);
    const sum = (of: (run: Run) => number) => ofScenario.reduce((total, run) => total + of(run), 0);
    const quiet = ofScenario.map(({ quietAfterMs }) => quietAfterMs ?? Number.POSITIVE_INFINITY);
    return [
      name,
      ofScenario.length,
      sum((run) => run.acknowledged),
      sum((run) => run.decided),
      sum((run) => run.unavailable),
      `${seconds(Math.min(...quiet))} to ${seconds(Math.max(...quiet))}`,
      sum((run) => run.violations.length),
    ];
  });
  const head = ['scenario', 'runs', 'acknowledged', 'decided', 'not taken', 'quiet after', 'violations'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never';
}
