import { randomUUID } from 'node:crypto';
import { openEmbeddedCache } from '../src/cache/embedded-cache.ts';
import { openCache } from '../src/cache/open-cache.ts';
import type { Cache } from '../src/cache/port.ts';
import { openEmbeddedDocuments } from '../src/documents/embedded/open-embedded-documents.ts';
import { openMongoDocuments } from '../src/documents/mongo/open-mongo-documents.ts';
import type { Documents } from '../src/documents/port.ts';
import { openEmbeddedEvents } from '../src/events/open-embedded-events.ts';
import { openKafkaEvents } from '../src/events/open-kafka-events.ts';
import type { Events } from '../src/events/port.ts';
import { silentLog } from '../src/process/log.ts';
import { kafkaBrokers, mongodbUri, redisUrl } from './real-servers.ts';
import { removeRealData } from './remove-real-data.ts';

/** What a subgraph stands on, empty at first. */
export interface Ground {
  documents: Documents;
  events: Events;
  cache: Cache;
  /** A cache as another process of the subgraph would have it. */
  openSecondCache(): Promise<Cache>;
  /** Closes everything and leaves nothing behind. */
  remove(): Promise<void>;
}

export interface NamedGround {
  name: string;
  open(): Promise<Ground>;
}

/** The grounds to run a suite of a whole subgraph on: in memory always, real servers where the environment names them. */
export function groundsFor(subgraph: string): NamedGround[] {
  const inMemory = { name: 'in memory', open: async () => openGroundInMemory() };
  if (!mongodbUri || !kafkaBrokers) return [inMemory];
  const servers = { mongodbUri, brokers: kafkaBrokers.split(',') };
  return [inMemory, { name: 'real servers', open: () => openRealGround(subgraph, servers) }];
}

export function openGroundInMemory(): Ground {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  const events = openEmbeddedEvents({ file: ':memory:', log: silentLog });
  const cache = openEmbeddedCache();
  return {
    documents,
    events,
    cache,
    openSecondCache: async () => openEmbeddedCache(),
    remove: () => closeAll(events, cache, documents),
  };
}

async function openRealGround(
  subgraph: string,
  servers: { mongodbUri: string; brokers: string[] },
): Promise<Ground> {
  const prefix = `test-${randomUUID().slice(0, 8)}-`;
  const uri = servers.mongodbUri;
  const documents = await openMongoDocuments({ uri, database: `${prefix}${subgraph}` });
  const events = await openKafkaEvents({
    brokers: servers.brokers,
    topicPrefix: prefix,
    clientId: 'test',
    log: silentLog,
    onFatal(error) {
      throw error;
    },
  });
  const openSharedCache = () => openCache({ redisUrl: redisUrl ?? undefined, prefix, log: silentLog });
  const cache = await openSharedCache();
  return {
    documents,
    events,
    cache,
    openSecondCache: openSharedCache,
    async remove() {
      await closeAll(events, cache, documents);
      await removeRealData({ ...servers, prefix });
    },
  };
}

async function closeAll(...opened: { close(): Promise<void> }[]): Promise<void> {
  for (const each of opened) await each.close();
}
