import { routerSettings } from '@shop/router/config';
import type { z } from 'zod';
import { subgraphNames } from './subgraph-names.ts';

/** What each part reads from the environment when it runs alone, by its name: the router's, then each subgraph's. */
export async function partConfigs(): Promise<Map<string, z.ZodObject>> {
  const subgraphs = await Promise.all(
    subgraphNames.map(async (name): Promise<[string, z.ZodObject]> => {
      const configs: Record<string, z.ZodObject> = await import(`@shop/${name}/config`);
      const config = configs[`${name}Config`];
      if (!config) throw new Error(`subgraphs/${name}/src/config.ts exports no ${name}Config`);
      return [name, config];
    }),
  );
  return new Map([['router', routerSettings], ...subgraphs]);
}
