import type { Scenario } from '../stage.ts';
import { processScenarios } from './processes.ts';

/** Every scenario of the campaign, in the order in which it plays them. */
export const scenarios: Scenario[] = [...processScenarios];
