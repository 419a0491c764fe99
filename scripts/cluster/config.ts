import { parseArgs } from 'node:util';
import { directOnLoopback, routerTrust, subgraphTrust } from '@shop/shared/identity/router-trust';
import {
  apiSecret,
  kafkaBrokers,
  keysSecrets,
  listenSettings,
  mongodbUri,
} from '@shop/shared/process/config';
import { z } from 'zod';
import { subgraphNames } from '../start/subgraph-names.ts';

/** What the cluster itself needs; each part reads the rest of the environment by its own schema. */
export const clusterConfig = z
  .object({
    ...listenSettings(4000),
    MONGODB_URI: mongodbUri,
    KAFKA_BROKERS: kafkaBrokers,
    API_SECRET: apiSecret,
    KEYS_SECRET: keysSecrets.optional(),
    ...routerTrust,
    ...subgraphTrust,
  })
  .refine(
    ({ ROUTER_PRIVATE_KEY: own, ROUTER_PUBLIC_KEYS: known }) => (own === undefined) === (known === undefined),
    {
      path: ['ROUTER_PUBLIC_KEYS'],
      message: 'must be given together with ROUTER_PRIVATE_KEY: both or neither',
    },
  )
  .refine(...directOnLoopback);

/** How many processes of each subgraph, 1 unless it says so; there is one router. */
export type Counts = Readonly<Record<string, number>>;

const maxProcesses = 8;

/** The counts that the arguments ask for, or what is wrong with them. */
export function readCounts(args: string[]): Counts | string {
  const options = Object.fromEntries(subgraphNames.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args, options });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const count = Number(value);
        if (Number.isInteger(count) && count >= 1 && count <= maxProcesses) return [name, count];
        throw new Error(`--${name}: not a count`);
      }),
    );
  } catch (error) {
    const names = subgraphNames.map((name) => `[--${name} N]`).join(' ');
    return `${(error as Error).message}\nUsage: npm run cluster -- ${names}, each from 1 to ${maxProcesses}`;
  }
}
