import { MongoClient, type MongoClientOptions } from 'mongodb';

/**
 * Below OPERATION_DEADLINE_MS, so that the driver gives up by itself and says why. The driver's `timeoutMS` has
 * no effect as of 7.8.
 */
const GIVE_UP_MS = 4_000;

const CLIENT_OPTIONS: MongoClientOptions = {
  serverSelectionTimeoutMS: GIVE_UP_MS,
  connectTimeoutMS: 2_000,
  socketTimeoutMS: GIVE_UP_MS,
  waitQueueTimeoutMS: GIVE_UP_MS,
  maxPoolSize: 50,
  readPreference: 'primary',
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: GIVE_UP_MS },
  ignoreUndefined: true,
};

const clients = new Map<string, { client: MongoClient; users: number }>();

/** One client, and so one connection pool, for all the databases that this process opens on a server. */
export function shareClient(uri: string): { client: MongoClient; release(): Promise<void> } {
  const entry = clients.get(uri) ?? { client: new MongoClient(uri, CLIENT_OPTIONS), users: 0 };
  clients.set(uri, entry);
  entry.users += 1;
  let isReleased = false;
  return {
    client: entry.client,
    async release() {
      if (isReleased) return;
      isReleased = true;
      entry.users -= 1;
      if (entry.users > 0) return;
      clients.delete(uri);
      await entry.client.close();
    },
  };
}
