// npm run check: what a pull request must pass before the tests: lint, types, graph, events and the invariants.
import { dirname } from 'node:path';
import { invariantsStep, runSteps, staticSteps } from './check/steps.ts';

const results = await runSteps(dirname(import.meta.dirname), [...staticSteps, invariantsStep]);
if (results.some(({ ok }) => !ok)) process.exitCode = 1;
