import type { Documents } from '@shop/shared/documents/port';
import type { ServiceClient, ServiceClientDoc } from './service-client.ts';

// Names what may leave the store: a hash does so for comparison alone.
const publicFields = { name: 1, scopes: 1, createdAt: 1, revokedAt: 1 } as const;

export type ServiceClientStore = ReturnType<typeof createServiceClientStore>;

/** The collection `service_clients`; nothing else touches it. */
export function createServiceClientStore(documents: Documents) {
  const clients = documents.collection<ServiceClientDoc>('service_clients');
  const find = (_id: string): Promise<ServiceClient | null> =>
    clients.findOne({ _id }, { projection: publicFields });
  return {
    async insert(client: ServiceClientDoc): Promise<void> {
      await clients.insertOne(client);
    },

    /** One page in the order of _id, which is the order of creation. */
    page(after: string | null, first: number): Promise<ServiceClient[]> {
      const filter = after === null ? {} : { _id: { $gt: after } };
      return clients.find(filter, { sort: { _id: 1 }, projection: publicFields, limit: first }).toArray();
    },

    /** For checking a secret: the only read that gives hashes away. Null if there is no such client. */
    async findSecrets(_id: string): Promise<{ client: ServiceClient; hashes: string[] } | null> {
      const found = await clients.findOne({ _id });
      if (found === null) return null;
      const { secretHash, earlierSecretHash, ...client } = found;
      return { client, hashes: earlierSecretHash ? [secretHash, earlierSecretHash] : [secretHash] };
    },

    /** The client with a further secret; the one before it stays, any earlier one ends. Null if it is not there or revoked. */
    async addSecret(_id: string, next: string): Promise<ServiceClient | null> {
      const found = await clients.findOne({ _id, revokedAt: { $exists: false } });
      if (found === null) return null;
      const { secretHash } = found;
      const update = { $set: { secretHash: next, earlierSecretHash: secretHash } };
      const changed = await clients.findOneAndUpdate(
        { _id, secretHash, revokedAt: { $exists: false } },
        update,
        { returnDocument: 'after', projection: publicFields },
      );
      return changed;
    },

    /** The client, revoked now or before; null if there is none. */
    async revoke(_id: string, revokedAt: Date): Promise<ServiceClient | null> {
      const changed = await clients.findOneAndUpdate(
        { _id, revokedAt: { $exists: false } },
        { $set: { revokedAt } },
        { returnDocument: 'after', projection: publicFields },
      );
      return changed ?? find(_id);
    },
  };
}
