import { mkdirSync } from 'node:fs';
import { openAttempts } from '@shop/shared/cache/open-attempts';
import { type OpenCacheOptions, openCache as openUsualCache } from '@shop/shared/cache/open-cache';
import type { Cache } from '@shop/shared/cache/port';
import { openDocuments } from '@shop/shared/documents/open-documents';
import { openEvents } from '@shop/shared/events/open-events';
import type { VerifyRouter } from '@shop/shared/identity/router-assertion';
import type { Logger } from '@shop/shared/process/log';
import type { Closable } from '@shop/shared/process/run-until-signal';
import { attemptLimitsOf } from '@shop/users/config';
import type { WholeShopConfig } from './config.ts';
import { subgraphNames } from './subgraph-names.ts';
import { type NamedSubgraph, startSubgraphs } from './subgraphs.ts';

export interface Opening {
  apiSecret: string;
  keysSecrets: readonly string[];
  /** As `SubgraphDependencies.verifyRouter`. */
  verifyRouter: VerifyRouter | 'off';
  log: Logger;
  onFatal: (error: Error) => void;
  openCache?: (options: OpenCacheOptions) => Promise<Cache>;
  /** As `SubgraphsOptions.usersUrl`. */
  usersUrl?: string;
}

/** Where a subgraph listens when several run beside a router on PORT: on the ports after it, in their order. */
export function portOf(name: string, { PORT }: Pick<WholeShopConfig, 'PORT'>): number {
  return PORT === 0 ? 0 : PORT + 1 + subgraphNames.indexOf(name);
}

/**
 * Opens the servers that the configuration names, or what is embedded in their place, and starts these subgraphs on
 * them. What is open by then is in `opened`, also when it rejects: the caller closes it, the last first.
 */
export async function openSubgraphs(
  names: readonly string[],
  config: WholeShopConfig,
  opened: Closable[],
  opening: Opening,
): Promise<NamedSubgraph[]> {
  const { apiSecret, keysSecrets, log, usersUrl } = opening;
  const { attempts, cache, events, databases } = await openPorts(names, config, opened, opening);
  const subgraphs = await startSubgraphs(names, {
    apiSecret,
    keysSecrets,
    ...(usersUrl !== undefined && { usersUrl }),
    dependenciesOf: (name) => ({
      documents: databases[names.indexOf(name)]!,
      events,
      cache,
      attempts,
      attemptLimits: attemptLimitsOf(config),
      commonPasswords: config.COMMON_PASSWORDS,
      accessTokenLifeMs: config.ACCESS_TOKEN_LIFETIME_MS,
      host: config.HOST,
      port: portOf(name, config),
      verifyRouter: opening.verifyRouter,
      log: log.child({ part: name }),
      orderExpiresAfterMs: config.ORDER_EXPIRES_AFTER_MS,
    }),
  });
  opened.push({ close: async () => void (await Promise.all(subgraphs.map((one) => one.subgraph.close()))) });
  return subgraphs;
}

async function openPorts(
  names: readonly string[],
  config: WholeShopConfig,
  opened: Closable[],
  { log, onFatal, openCache = openUsualCache }: Opening,
) {
  const dataDir = config.DATA_DIR;
  mkdirSync(dataDir, { recursive: true });
  if (config.MONGODB_URI === undefined) {
    log.info({ dataDir }, 'documents: embedded (MONGODB_URI is not set)');
  }
  const [attempts, cache, events, ...databases] = await Promise.all([
    openAttempts({ redisUrl: config.REDIS_URL, prefix: config.DATABASE_PREFIX, log }),
    openCache({ redisUrl: config.REDIS_URL, prefix: config.DATABASE_PREFIX, log }),
    openEvents({
      brokers: config.KAFKA_BROKERS,
      topicPrefix: config.TOPIC_PREFIX,
      clientId: 'shop',
      dataDir,
      log,
      onFatal,
    }),
    ...names.map((name) =>
      openDocuments({ uri: config.MONGODB_URI, database: `${config.DATABASE_PREFIX}${name}`, dataDir }),
    ),
  ]);
  opened.push(...databases, cache, attempts, events);
  return { attempts, cache, events, databases };
}
