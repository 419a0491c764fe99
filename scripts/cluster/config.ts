import { parseArgs } from 'node:util';
import { apiSecret, kafkaBrokers, listenSettings, mongodbUri } from '@shop/shared/process/config';
import { z } from 'zod';

/** What the cluster itself needs; each part reads the rest of the environment by its own schema. */
export const clusterConfig = z.object({
  ...listenSettings(4000),
  MONGODB_URI: mongodbUri,
  KAFKA_BROKERS: kafkaBrokers,
  API_SECRET: apiSecret,
});

export const subgraphNames = ['users', 'products', 'orders', 'images'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** How many processes of each subgraph; there is one router. */
export type Counts = Record<SubgraphName, number>;

const maxProcesses = 8;

/** The counts that the arguments ask for, 1 unless given, or what is wrong with them. */
export function readCounts(args: string[]): Counts | string {
  const options = Object.fromEntries(subgraphNames.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args, options });
    const counts = { users: 1, products: 1, orders: 1, images: 1 };
    for (const name of subgraphNames) {
      const given = Number(values[name] ?? 1);
      if (!Number.isInteger(given) || given < 1 || given > maxProcesses)
        throw new Error(`--${name}: not a count`);
      counts[name] = given;
    }
    return counts;
  } catch (error) {
    const names = subgraphNames.map((name) => `[--${name} N]`).join(' ');
    return `${(error as Error).message}\nUsage: npm run cluster -- ${names}, each from 1 to ${maxProcesses}`;
  }
}
