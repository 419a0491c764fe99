import { type Contexts, evaluate, type Outlook } from './evaluate.ts';
import type { Condition } from './github-schema.ts';

export type JobResult = 'success' | 'failure' | 'skipped';

/** What happens, and to whom. */
export interface Occasion {
  /** `github`, `vars` and so on. */
  readonly contexts: Contexts;
  /** Jobs that fail when they run. */
  readonly failing?: readonly string[];
  /** What jobs put out. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** How each job ends, in the order in which GitHub could run them. Nobody cancels. */
export function simulateJobs(jobs: readonly Condition[], occasion: Occasion): Record<string, JobResult> {
  const results: Record<string, JobResult> = {};
  const waiting = [...jobs];
  while (waiting.length > 0) {
    const index = waiting.findIndex(({ needs }) => needs.every((each) => results[each]));
    const [job] = waiting.splice(index, 1);
    if (index < 0 || !job) throw new Error('jobs wait for each other');
    results[job.id] = resultOf(job, results, jobs, occasion);
  }
  return results;
}

function resultOf(
  { id, needs, expression }: Condition,
  results: Readonly<Record<string, JobResult>>,
  jobs: readonly Condition[],
  { contexts, failing = [], outputs = {} }: Occasion,
): JobResult {
  const before = [...ancestorsOf(id, jobs)].map((each) => results[each]);
  const outlook: Outlook = {
    success: before.every((each) => each === 'success'),
    failure: before.includes('failure'),
    cancelled: false,
  };
  const needed = needs.map((each) => [each, { result: results[each], outputs: outputs[each] ?? {} }]);
  const isWanted = evaluate(expression, { ...contexts, needs: Object.fromEntries(needed) }, outlook);
  if (typeof isWanted !== 'boolean') throw new Error(`The condition of ${id} is always true: ${expression}`);
  if (!isWanted) return 'skipped';
  return failing.includes(id) ? 'failure' : 'success';
}

/** A status function looks at all that a job waits for, not at those alone that it names. */
function ancestorsOf(id: string, jobs: readonly Condition[]): Set<string> {
  const found = new Set(jobs.find((job) => job.id === id)?.needs);
  for (const each of found)
    for (const needed of jobs.find((job) => job.id === each)?.needs ?? []) found.add(needed);
  return found;
}
