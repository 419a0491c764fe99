import { readFileSync } from 'node:fs';
import { createRouter } from '@shop/router/router';
import { openEmbeddedCache } from '@shop/shared/cache/embedded-cache';
import { countCalls } from '@shop/shared/documents/count-calls';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Documents } from '@shop/shared/documents/port';
import { openEmbeddedEvents } from '@shop/shared/events/open-embedded-events';
import { routerSecretKeys } from '@shop/shared/identity/router-keys';
import { type Logger, silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { ownRouter } from '../start/own-router.ts';
import { subgraphNames } from '../start/subgraph-names.ts';
import { startSubgraphs } from '../start/subgraphs.ts';
import type { ShopAccess } from './client.ts';

/** Those that the tests here know; there may be others. */
type Name = 'users' | 'products' | 'orders' | 'images';

/** The whole shop in this process, for tests that reach into its parts. */
export interface InProcessShop extends ShopAccess {
  subgraphs: Record<Name, Subgraph>;
  documents: Record<Name, Documents>;
  /** Operations on any database since the last reset. */
  databaseCalls: { count(): number; reset(): void };
  /** How far Users' clock goes wrong; 0 at first. */
  usersClock: { offsetMs: number };
  close(): Promise<void>;
}

export interface InProcessShopOptions {
  /** In memory unless given. */
  openDocuments?: (name: string) => Documents;
  eventsFile?: string;
  /** What the router serves; contracts/supergraph.graphql unless given. */
  supergraph?: string;
  /** Starts the subgraphs; those of this tree unless given. */
  startSubgraphs?: typeof startSubgraphs;
  /** How much each part works on at once. */
  maxRequests?: { router: number; subgraph: number };
  maxWaiters?: number;
  /** Says nothing unless given. */
  log?: Logger;
  /** Whether subgraphs answer others than the router; they do not by default. */
  allowDirect?: boolean;
  /** By which subgraphs know the router; a new one unless given. */
  routerSecret?: string;
}

const host = '127.0.0.1';
const apiSecret = 'a secret of the end-to-end tests';
/** What its signing keys are encrypted with. */
export const keysSecret = 'a secret of the end-to-end tests for signing keys';

export async function startInProcessShop(options: InProcessShopOptions = {}): Promise<InProcessShop> {
  const { openDocuments = () => openEmbeddedDocuments({ file: ':memory:' }), eventsFile = ':memory:' } =
    options;
  const { maxRequests, maxWaiters, startSubgraphs: start = startSubgraphs, log = silentLog } = options;
  const { allowDirect: ALLOW_DIRECT = false, routerSecret } = options;
  const ROUTER_SECRET = routerSecret === undefined ? undefined : routerSecretKeys(routerSecret);
  const { assertRouter, verifyRouter } = ownRouter({ ALLOW_DIRECT, ROUTER_SECRET }, log);
  const stores = new Map(subgraphNames.map((name) => [name, countCalls(openDocuments(name))]));
  const events = openEmbeddedEvents({ file: eventsFile, log });
  const cache = openEmbeddedCache();
  const usersClock = { offsetMs: 0 };
  const started = await start(subgraphNames, {
    apiSecret,
    keysSecrets: [keysSecret],
    dependenciesOf: (name) => ({
      documents: stores.get(name)!.documents,
      events,
      cache,
      verifyRouter,
      host,
      port: 0,
      log,
      orderExpiresAfterMs: 60_000,
      ...(name === 'users' && { clock: () => new Date(Date.now() + usersClock.offsetMs) }),
      ...(maxRequests && { maxRequests: maxRequests.subgraph }),
      ...(maxWaiters && { maxWaiters }),
    }),
  });
  const router = await createRouter({
    supergraph: options.supergraph ?? committedSupergraph(),
    apiSecret,
    assertRouter,
    subgraphUrls: Object.fromEntries(
      started.map(({ name, subgraph }) => [name, [`${subgraph.url}/graphql`]]),
    ),
    host,
    port: 0,
    log,
    ...(maxRequests && { maxRequests: maxRequests.router }),
  });
  const all = [...stores.values()];
  return {
    url: router.url,
    apiSecret,
    subgraphs: byName(started.map(({ name, subgraph }) => [name, subgraph])),
    documents: byName([...stores].map(([name, { documents }]) => [name, documents])),
    usersClock,
    databaseCalls: {
      count: () => all.reduce((sum, store) => sum + store.calls(), 0),
      reset: () => {
        for (const store of all) store.reset();
      },
    },
    async close() {
      await router.close();
      await Promise.all(started.map(({ subgraph }) => subgraph.close()));
      await Promise.all([events.close(), cache.close(), ...all.map(({ documents }) => documents.close())]);
    },
  };
}

function byName<Value>(entries: [string, Value][]): Record<Name, Value> {
  return Object.fromEntries(entries) as Record<Name, Value>;
}

const committedSupergraph = () =>
  readFileSync(new URL('../../contracts/supergraph.graphql', import.meta.url), 'utf8');
