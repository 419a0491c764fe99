import { clockShiftedBy } from '../clock.ts';
import type { Scenario } from '../stage.ts';

const apartSeconds = 120;

/** So that each part has a process on time and one that is not, and Users, alone, goes with the latter. */
const strangers = ['users.1', 'products.1', 'orders.2', 'router.2'];

function apart(name: string, direction: 'ahead' | 'behind'): Scenario {
  const seconds = direction === 'ahead' ? apartSeconds : -apartSeconds;
  return {
    name,
    about: `The clocks of ${strangers.join(', ')} are two minutes ${direction}; an Orders and a Products process die.`,
    variables: (process) => (strangers.includes(process) ? clockShiftedBy(seconds) : {}),
    loadMs: 16_000,
    slow: true,
    async inject({ processes, pause }) {
      // Whoever takes over reads times that another clock wrote, in both directions.
      for (const victim of ['orders.1', 'products.1', 'orders.2', 'products.2']) {
        await processes.kill(victim);
        await pause(2_500);
      }
    },
  };
}

export const clockScenarios: Scenario[] = [apart('clocks-ahead', 'ahead'), apart('clocks-behind', 'behind')];
