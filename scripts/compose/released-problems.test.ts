import { operationsOf } from '@shop/router/client-operations';
import { expect, test } from 'vitest';
import { releasedProblems } from './released-problems.ts';

test('a released document that the API no longer allows is named, with the reason', () => {
  const documents = operationsOf('', 'query Old { a gone } query Fine { a }');
  expect(releasedProblems('type Query { a: Int gone: Int }', documents)).toEqual([]);
  const [problem, ...others] = releasedProblems('type Query { a: Int }', documents);
  expect(problem).toMatch(/^Old \([0-9a-f]{12}….*"gone"/);
  expect(others).toEqual([]);
});
