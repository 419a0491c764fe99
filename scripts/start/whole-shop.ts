import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPublicAccess } from '@shop/router/public-access';
import { createRouter } from '@shop/router/router';
import { supergraphOf } from '@shop/router/supergraph-of';
import { type OpenCacheOptions, openCache } from '@shop/shared/cache/open-cache';
import type { Cache } from '@shop/shared/cache/port';
import { openDocuments } from '@shop/shared/documents/open-documents';
import { openEvents } from '@shop/shared/events/open-events';
import type { Environment } from '@shop/shared/process/config';
import { createLog, type Logger } from '@shop/shared/process/log';
import { closeOnSignal } from '@shop/shared/process/shutdown';
import { keepApiSecret } from './api-secret.ts';
import { readWholeShopConfig, type WholeShopConfig } from './config.ts';
import { seedIfEmpty } from './seed-if-empty.ts';
import { subgraphNames } from './subgraph-names.ts';
import { type NamedSubgraph, startSubgraphs } from './subgraphs.ts';
import { untilReady } from './until-ready.ts';
import { printWelcome } from './welcome.ts';

/**
 * Starts the whole shop in this process: the router on PORT and the subgraphs, in the order of supergraph.yaml, on
 * the ports after it. Resolves when it answers. Ends the process on a signal, or when it cannot start. Another cache
 * than the configured one is for measurements.
 */
export async function startWholeShop(
  environment: Environment,
  adapters: Pick<Opening, 'openCache'> = { openCache },
): Promise<void> {
  const config = readWholeShopConfig(environment);
  const log = createLog('shop', config.LOG_LEVEL);
  const opened: Closable[] = [];
  // The last opened closes first: the router before the subgraphs, and those before what they stand on.
  const close = async () => {
    for (const step of opened.toReversed()) await step.close();
  };
  const process = closeOnSignal(close, log);
  try {
    await open(config, log, opened, { ...adapters, onFatal: process.fail });
  } catch (error) {
    process.fail(error instanceof Error ? error : new Error(String(error)));
  }
}

// Requests that are running may still need the subgraphs; but one may be waiting for a decision (waitMs), and
// that wait ends only when Orders closes.
const routerHeadStartMs = 1_000;

interface Closable {
  close(): Promise<void>;
}

interface Opening {
  openCache: (options: OpenCacheOptions) => Promise<Cache>;
  onFatal: (error: Error) => void;
}

async function open(
  config: WholeShopConfig,
  log: Logger,
  opened: Closable[],
  opening: Opening,
): Promise<void> {
  mkdirSync(config.DATA_DIR, { recursive: true });
  const apiSecret = config.API_SECRET ?? keepApiSecret(config.DATA_DIR);
  const ports = await openPorts(config, log, opening);
  opened.push(...ports.closables);
  const subgraphs = await startAll(config, apiSecret, ports, log);
  opened.push({ close: async () => void (await Promise.all(subgraphs.map((one) => one.subgraph.close()))) });
  const routerLog = log.child({ part: 'router' });
  const publicAccess = await openPublicAccess(config, routerLog);
  opened.push(publicAccess);
  const router = await createRouter({
    ...supergraphOf(config),
    apiSecret,
    publicAccess: publicAccess.access,
    subgraphUrls: Object.fromEntries(
      subgraphs.map(({ name, subgraph }) => [name, [`${subgraph.url}/graphql`]]),
    ),
    host: config.HOST,
    port: config.PORT,
    log: routerLog,
  });
  opened.push({ close: () => Promise.race([router.close(), sleep(routerHeadStartMs)]) });
  await untilReady(
    subgraphs.map(({ name, subgraph }) => ({ name, url: subgraph.url })),
    console.log,
  );
  const isEmbedded = config.MONGODB_URI === undefined;
  // There, whatever documents clients may send.
  if (isEmbedded) await seedIfEmpty({ url: `${router.url}/internal/graphql`, apiSecret });
  printWelcome({ url: router.url, ...(config.API_SECRET === undefined && { apiSecret }) });
}

async function openPorts(config: WholeShopConfig, log: Logger, { openCache, onFatal }: Opening) {
  const dataDir = config.DATA_DIR;
  if (config.MONGODB_URI === undefined) {
    log.info({ dataDir }, 'documents: embedded (MONGODB_URI is not set)');
  }
  const [cache, events, ...databases] = await Promise.all([
    openCache({ redisUrl: config.REDIS_URL, prefix: config.DATABASE_PREFIX, log }),
    openEvents({
      brokers: config.KAFKA_BROKERS,
      topicPrefix: config.TOPIC_PREFIX,
      clientId: 'shop',
      dataDir,
      log,
      onFatal,
    }),
    ...subgraphNames.map((name) =>
      openDocuments({ uri: config.MONGODB_URI, database: `${config.DATABASE_PREFIX}${name}`, dataDir }),
    ),
  ]);
  return { cache, events, databases, closables: [...databases, cache, events] };
}

function startAll(
  config: WholeShopConfig,
  apiSecret: string,
  { cache, events, databases }: Awaited<ReturnType<typeof openPorts>>,
  log: Logger,
): Promise<NamedSubgraph[]> {
  return startSubgraphs(subgraphNames, {
    apiSecret,
    dependenciesOf: (name) => {
      const index = subgraphNames.indexOf(name);
      return {
        documents: databases[index]!,
        events,
        cache,
        host: config.HOST,
        port: config.PORT === 0 ? 0 : config.PORT + 1 + index,
        log: log.child({ part: name }),
        orderExpiresAfterMs: config.ORDER_EXPIRES_AFTER_MS,
      };
    },
  });
}
