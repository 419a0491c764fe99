import type { OrdersDependencies } from '@shop/orders/subgraph';
import type { ProductsDependencies } from '@shop/products/subgraph';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { createSubgraph as createUsers, type UsersDependencies } from '@shop/users/subgraph';

/** All that any subgraph asks for; each takes of it what it needs. */
export type EveryDependency = OrdersDependencies &
  ProductsDependencies &
  Pick<UsersDependencies, 'attempts' | 'attemptLimits' | 'commonPasswords' | 'accessTokenLifeMs'>;

/** What each folder of subgraphs/ exports from src/subgraph.ts. */
export type CreateSubgraph = (dependencies: EveryDependency) => Promise<Subgraph>;

export interface NamedSubgraph {
  name: string;
  subgraph: Subgraph;
}

export interface SubgraphsOptions {
  /** The admin's x-api-key. */
  apiSecret: string;
  /** As `UsersDependencies.keysSecrets`. */
  keysSecrets: readonly string[];
  dependenciesOf(name: string): Omit<EveryDependency, 'authenticate'>;
  /** Where the keys of access tokens are published when Users is not among those that are started. */
  usersUrl?: string;
}

/** Starts these subgraphs in this process: Users first, which publishes the keys that the others verify tokens with. */
export async function startSubgraphs(
  names: readonly string[],
  { apiSecret, keysSecrets, dependenciesOf, usersUrl }: SubgraphsOptions,
): Promise<NamedSubgraph[]> {
  const users = names.includes('users')
    ? await createUsers({ ...dependenciesOf('users'), apiSecret, keysSecrets })
    : undefined;
  const keysAt = users?.url ?? usersUrl;
  if (keysAt === undefined)
    throw new Error('without Users somebody has to publish the keys of access tokens');
  const authenticate = authenticateByUsers({ apiSecret, usersUrl: keysAt });
  return Promise.all(
    names.map(async (name) => {
      if (name === 'users' && users) return { name, subgraph: users };
      const createSubgraph = await loadSubgraph(name);
      return { name, subgraph: await createSubgraph({ ...dependenciesOf(name), authenticate }) };
    }),
  );
}

async function loadSubgraph(name: string): Promise<CreateSubgraph> {
  const { createSubgraph }: { createSubgraph: CreateSubgraph } = await import(`@shop/${name}/subgraph`);
  return createSubgraph;
}
