import { MongoClient, type MongoClientOptions } from 'mongodb';
import { watchChecks } from './watch-checks.ts';

/**
 * Below OPERATION_DEADLINE_MS, so that the driver gives up by itself and says why. The driver's `timeoutMS` has
 * no effect as of 7.8.
 */
export const GIVE_UP_MS = 4_000;

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

interface SharedClient {
  client: MongoClient;
  users: number;
  connected?: Promise<unknown> | undefined;
  stopWatching(): void;
}

const clients = new Map<string, SharedClient>();

/** One client, and so one connection pool, for all the databases that this process opens on a server. */
export function shareClient(uri: string): {
  client: MongoClient;
  /**
   * To be awaited before an operation. The driver connects by itself only once: after a first attempt that failed it
   * says "Topology is closed" for ever. From the first success on it finds a server that was away by itself; where
   * it ceases to look for it, this connects anew.
   */
  connect(): Promise<unknown>;
  release(): Promise<void>;
} {
  const entry = clients.get(uri) ?? createEntry(uri);
  clients.set(uri, entry);
  entry.users += 1;
  let isReleased = false;
  return {
    client: entry.client,
    connect: () => connect(entry),
    async release() {
      if (isReleased) return;
      isReleased = true;
      entry.users -= 1;
      if (entry.users > 0) return;
      clients.delete(uri);
      entry.stopWatching();
      await entry.client.close();
    },
  };
}

function createEntry(uri: string): SharedClient {
  const client = new MongoClient(uri, CLIENT_OPTIONS);
  const entry: SharedClient = {
    client,
    users: 0,
    stopWatching: watchChecks(client, () => {
      entry.connected = undefined;
      connect(entry, client.close()).catch(() => {}); // Whoever has an operation then is told.
    }),
  };
  return entry;
}

function connect(entry: SharedClient, before: Promise<void> = Promise.resolve()): Promise<unknown> {
  entry.connected ??= before
    .then(() => (entry.users > 0 ? entry.client.connect() : undefined))
    .catch((error) => {
      entry.connected = undefined;
      throw error;
    });
  return entry.connected;
}
