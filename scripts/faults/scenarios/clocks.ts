import { clockShiftedBy } from '../clock.ts';
import type { Scenario, Stage } from '../stage.ts';

const apartSeconds = 120;

/** So that each part has a process on time and one that is not, and Users, alone, goes with the latter. */
const strangers = ['users.1', 'products.1', 'orders.2', 'router.2'];

function apart(
  direction: 'ahead' | 'behind',
  scenario: Pick<Scenario, 'name' | 'about' | 'loadMs' | 'inject'>,
  variables: Record<string, string> = {},
): Scenario {
  const seconds = direction === 'ahead' ? apartSeconds : -apartSeconds;
  return {
    ...scenario,
    about: `The clocks of ${strangers.join(', ')} are two minutes ${direction}; ${scenario.about}`,
    variables: (process) => ({ ...variables, ...(strangers.includes(process) && clockShiftedBy(seconds)) }),
    slow: true,
  };
}

/** Whoever takes over reads times that another clock wrote, in both directions. */
async function killInTurn({ processes }: Stage): Promise<void> {
  for (const victim of ['orders.1', 'products.1', 'orders.2', 'products.2']) {
    await processes.kill(victim);
    // Somebody is there to take over.
    await processes.untilReady();
  }
}

/** For the process ahead an order of the other is overdue at once: what Kafka keeps waiting expires before it arrives. */
async function holdKafkaUp({ servers, pause }: Stage): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    await servers.freeze('kafka');
    await pause(6_000);
    await servers.wake('kafka');
    await pause(2_000);
  }
}

export const clockScenarios: Scenario[] = [
  apart('ahead', {
    name: 'clocks-ahead',
    about: 'all of Orders and Products die in turn.',
    loadMs: 24_000,
    inject: killInTurn,
  }),
  apart('behind', {
    name: 'clocks-behind',
    about: 'all of Orders and Products die in turn.',
    loadMs: 24_000,
    inject: killInTurn,
  }),
  apart(
    'ahead',
    {
      name: 'clocks-expiring',
      about: 'orders live for less than that, and Kafka is held up.',
      loadMs: 24_000,
      inject: holdKafkaUp,
    },
    { ORDER_EXPIRES_AFTER_MS: `${(apartSeconds - 10) * 1_000}` },
  ),
];
