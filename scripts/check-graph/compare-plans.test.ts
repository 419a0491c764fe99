import { operationsOf } from '@shop/router/client-operations';
import type { OperationPlan } from '@shop/router/plan-operations';
import { expect, test } from 'vitest';
import { comparePlans } from './compare-plans.ts';
import { planText } from './plan-files.ts';

const [operation] = operationsOf('shop.graphql', '\nquery Tea { tea }');
if (!operation) throw new Error('no operation');

/** A plan of one fetch of each of these subgraphs, in turn. */
function plan(...subgraphs: string[]): OperationPlan {
  const fetches = subgraphs.map((name) => `  Fetch(service: "${name}") {}`);
  return {
    operation: operation!,
    text: ['QueryPlan {', ...fetches, '}'].join('\n'),
    fetches: subgraphs.length,
  };
}

const committed = (...subgraphs: string[]) => ({ Tea: planText(plan(...subgraphs)) });

test('a plan as it was committed is accepted', () => {
  expect(planText(plan('a'))).toBe('1 fetch\nQueryPlan {\n  Fetch(service: "a") {}\n}\n');
  expect(planText(plan('a', 'b'))).toMatch(/^2 fetches\n/);
  expect(comparePlans([plan('a', 'b')], committed('a', 'b'))).toEqual([]);
});

test('one more fetch is ADDED_FETCH, and says where', () => {
  const [finding, ...others] = comparePlans([plan('a', 'b', 'c', 'e', 'f')], committed('a', 'b', 'c', 'e'));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    code: 'ADDED_FETCH',
    severity: 'error',
    operations: ['Tea'],
    locations: ['contracts/operations/shop.graphql:2:1'],
  });
  expect(finding?.message.split('\n')).toEqual([
    'Tea would take 5 fetches instead of 4:',
    '- 4 fetches',
    '+ 5 fetches',
    '  QueryPlan {',
    '    Fetch(service: "a") {}',
    '…',
    '    Fetch(service: "c") {}',
    '    Fetch(service: "e") {}',
    '+   Fetch(service: "f") {}',
    '  }',
  ]);
});

test('a plan that differs and takes no more fetches is PLAN_CHANGED', () => {
  const codes = [plan('a', 'c'), plan('a')].map((now) => comparePlans([now], committed('a', 'b')));
  expect(codes).toMatchObject([[{ code: 'PLAN_CHANGED' }], [{ code: 'PLAN_CHANGED' }]]);
});

test('an operation without a committed plan is MISSING_PLAN, a plan of no operation UNKNOWN_PLAN', () => {
  const missing = comparePlans([plan('a')], {});
  expect(missing).toMatchObject([{ code: 'MISSING_PLAN', message: expect.stringContaining('service: "a"') }]);
  expect(comparePlans([], committed('a'))).toMatchObject([
    { code: 'UNKNOWN_PLAN', severity: 'error', locations: ['contracts/operations/plans/Tea.txt:1:1'] },
  ]);
});

test('an operation that cannot be planned needs no plan and keeps the one that it has', () => {
  expect(comparePlans([], committed('a'), ['Tea'])).toEqual([]);
});
