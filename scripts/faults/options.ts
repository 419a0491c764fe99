import { parseArgs } from 'node:util';
import type { Scenario } from './stage.ts';

export interface CampaignOptions {
  scenarios: Scenario[];
  seed: number;
  /** How many seeds, from `seed` upwards. */
  seeds: number;
  /** Placements in each run, unless a scenario needs more. */
  orders: number;
  without?: Guard;
}

export const guards = ['fence', 'marks', 'decide-before-return'] as const;
export type Guard = (typeof guards)[number];

const usage = [
  'Usage: npm run faults -- [--scenario NAME,NAME…] [--seed N] [--seeds COUNT] [--orders N]',
  `                         [--without ${guards.join('|')}] [--list]`,
  'A name may end with *, for all that begin so. Slow scenarios run with three seeds at most.',
].join('\n');

const slowSeeds = 3;

/** The seeds with which a scenario is played. */
export function seedsFor(
  { slow }: Scenario,
  { seed, seeds }: Pick<CampaignOptions, 'seed' | 'seeds'>,
): number[] {
  return Array.from({ length: slow ? Math.min(seeds, slowSeeds) : seeds }, (_, n) => seed + n);
}

/** What the arguments choose; a text for the user if they ask for the list or are wrong. */
export function readOptions(
  args: string[],
  all: Scenario[],
): CampaignOptions | { exitCode: number; text: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        scenario: { type: 'string' },
        seed: { type: 'string', default: '1' },
        seeds: { type: 'string', default: '1' },
        orders: { type: 'string', default: '120' },
        without: { type: 'string' },
        list: { type: 'boolean', default: false },
      },
    });
    if (values.list)
      return { exitCode: 0, text: all.map(({ name, about }) => `${name}: ${about}`).join('\n') };
    return {
      scenarios: values.scenario ? choose(values.scenario, all) : all.filter(({ onlyByName }) => !onlyByName),
      seed: toCount('seed', values.seed, 2 ** 31),
      seeds: toCount('seeds', values.seeds, 1_000),
      orders: toCount('orders', values.orders, 5_000),
      ...(values.without !== undefined && { without: toGuard(values.without) }),
    };
  } catch (error) {
    return { exitCode: 2, text: `${(error as Error).message}\n${usage}` };
  }
}

function choose(names: string, all: Scenario[]): Scenario[] {
  const chosen = names.split(',').flatMap((name) => {
    const found = all.filter((each) =>
      name.endsWith('*') ? each.name.startsWith(name.slice(0, -1)) : each.name === name,
    );
    if (found.length === 0) throw new Error(`there is no scenario ${name}; --list names them`);
    return found;
  });
  return [...new Set(chosen)];
}

function toCount(name: string, given: string, max: number): number {
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > max)
    throw new Error(`--${name}: not from 1 to ${max}`);
  return count;
}

function toGuard(given: string): Guard {
  const guard = guards.find((each) => each === given);
  if (!guard) throw new Error(`--without: not one of ${guards.join(', ')}`);
  return guard;
}
