/** What counts of vitest's JSON report: https://vitest.dev/guide/reporters#json-reporter */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface Summary {
  readonly ok: boolean;
  /** Why it failed, where the tests' own output does not say so. */
  readonly reasons: readonly string[];
  /** `N passed, N failed`, with `, N skipped` when any were. */
  readonly line: string;
}

/**
 * The outcome of a whole run.
 *
 * @param checks whether each check before the tests passed; one that did not counts as a failed test
 * @param report undefined when vitest wrote none, which is a failure
 * @param allowSkipped false where every suite must really run, as in CI
 */
export function summarize(
  checks: readonly boolean[],
  report: VitestReport | undefined,
  allowSkipped: boolean,
): Summary {
  const reasons: string[] = [];
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  // A file that cannot be loaded fails without a test of its own.
  const brokenFiles = report?.testResults.filter(isBroken).length ?? 0;
  let failed = (report?.numFailedTests ?? 0) + brokenFiles + checks.filter((ok) => !ok).length;
  if (report === undefined) reasons.push('The test runner ended without a report.');
  else if (passed + failed === 0) reasons.push('No test ran.');
  else if (!report.success && failed === 0)
    reasons.push('The test runner met an error outside the tests, see above.');
  if (skipped > 0 && !allowSkipped) reasons.push('Nothing may be skipped here:', ...namesOfSkipped(report));
  // What fails the run for such a reason must show in the last line, too.
  if (failed === 0 && reasons.length > 0) failed = 1;
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { ok: failed === 0, reasons, line };
}

function isBroken({ status, assertionResults }: VitestReport['testResults'][number]): boolean {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}

function namesOfSkipped(report: VitestReport | undefined): string[] {
  return (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => ['pending', 'skipped', 'todo'].includes(status))
      .map(({ fullName }) => `  ${name}: ${fullName}`),
  );
}
