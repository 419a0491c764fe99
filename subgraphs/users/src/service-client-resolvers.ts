import { shopError } from '@shop/shared/graphql/errors';
import { parseAfter, parseFirst } from '@shop/shared/graphql/paging';
import { parseInput } from '@shop/shared/graphql/parse-input';
import { requireAdmin } from '@shop/shared/identity/caller';
import type { UsersContext } from './context.ts';
import type { ServiceClient } from './service-client.ts';
import { newServiceClientInput } from './service-client-rules.ts';
import { hashClientSecret, newClientSecret } from './service-client-secret.ts';
import type { ServiceClientStore } from './service-client-store.ts';

export interface ServiceClientsDomain {
  serviceClients: ServiceClientStore;
  clock: () => Date;
  newId: () => string;
}

interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** For the admin alone: no scope lets a client make others. */
export function serviceClientQueries({ serviceClients }: ServiceClientsDomain) {
  return {
    serviceClients: (_: unknown, { first, after }: PageArgs, { caller }: UsersContext) => {
      requireAdmin(caller);
      return serviceClients.page(parseAfter(after), parseFirst(first, 100));
    },
  };
}

/** As above. A secret is in the answer that makes it, and nowhere else. */
export function serviceClientMutations({ serviceClients, clock, newId }: ServiceClientsDomain) {
  return {
    createServiceClient: async (_: unknown, args: { input: unknown }, { caller }: UsersContext) => {
      requireAdmin(caller);
      const input = parseInput(newServiceClientInput, args.input, 'input');
      const client: ServiceClient = { _id: newId(), ...input, createdAt: clock() };
      const secret = newClientSecret();
      await serviceClients.insert({ ...client, secretHash: hashClientSecret(secret) });
      return { client, secret };
    },
    rotateServiceClientSecret: async (_: unknown, { id }: { id: string }, { caller }: UsersContext) => {
      requireAdmin(caller);
      const secret = newClientSecret();
      const client = await serviceClients.addSecret(id, hashClientSecret(secret));
      return client ? { client, secret } : refuseUnknown();
    },
    revokeServiceClient: async (_: unknown, { id }: { id: string }, { caller }: UsersContext) => {
      requireAdmin(caller);
      return (await serviceClients.revoke(id, clock())) ?? refuseUnknown();
    },
  };
}

function refuseUnknown(): never {
  throw shopError('NOT_FOUND', 'There is no service client with this id that is not revoked.');
}
