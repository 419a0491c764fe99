import type { Scenario } from '../stage.ts';
import { clockScenarios } from './clocks.ts';
import { killsAtSteps, singleKills } from './kills-at-steps.ts';
import { messageScenarios } from './messages.ts';
import { networkScenarios } from './network.ts';
import { processScenarios } from './processes.ts';
import { serverScenarios } from './servers.ts';
import { zombiesAtSteps } from './zombies-at-steps.ts';

/** Every scenario of the campaign, in the order in which it plays them. */
export const scenarios: Scenario[] = [
  ...processScenarios,
  ...serverScenarios,
  ...networkScenarios,
  ...clockScenarios,
  ...messageScenarios,
  ...killsAtSteps,
  ...zombiesAtSteps,
  ...singleKills,
];
