import { expect, test } from 'vitest';
import { summarize, type VitestReport } from './summary.ts';

const passing: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [],
};
const skipping: VitestReport = {
  ...passing,
  numPendingTests: 1,
  testResults: [
    { name: 'a.test.ts', status: 'passed', assertionResults: [{ fullName: 'later', status: 'skipped' }] },
  ],
};
const broken: VitestReport = {
  ...passing,
  success: false,
  testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }],
};

test.each([
  ['all passed', [true], passing, true, true, '3 passed, 0 failed'],
  ['a check failed', [true, false], passing, true, false, '3 passed, 1 failed'],
  ['a test failed', [], { ...passing, numFailedTests: 2, success: false }, true, false, '3 passed, 2 failed'],
  ['a file could not be loaded', [], broken, true, false, '3 passed, 1 failed'],
  ['an error outside the tests', [], { ...passing, success: false }, true, false, '3 passed, 1 failed'],
  ['no test at all', [true], { ...passing, numPassedTests: 0 }, true, false, '0 passed, 1 failed'],
  ['no report', [true], undefined, true, false, '0 passed, 1 failed'],
  ['skipped, where that is allowed', [], skipping, true, true, '3 passed, 0 failed, 1 skipped'],
  ['skipped, where it is not', [], skipping, false, false, '3 passed, 1 failed, 1 skipped'],
])('%s', (_, checks, report, allowSkipped, ok, line) => {
  expect(summarize(checks, report, allowSkipped)).toMatchObject({ ok, line });
});

test('what was skipped against the rule is named', () => {
  expect(summarize([], skipping, false).reasons).toContain('  a.test.ts: later');
});
