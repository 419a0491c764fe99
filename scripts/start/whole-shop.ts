import { setTimeout as sleep } from 'node:timers/promises';
import { openPublicAccess } from '@shop/router/public-access';
import { createRouter } from '@shop/router/router';
import { supergraphOf } from '@shop/router/supergraph-of';
import type { Environment } from '@shop/shared/process/config';
import { createLog, type Logger } from '@shop/shared/process/log';
import { type Closable, runUntilSignal } from '@shop/shared/process/run-until-signal';
import { keysSecretsOf } from '@shop/users/keys-secrets';
import { keepApiSecret, keepKeysSecret } from './api-secret.ts';
import { readWholeShopConfig, type WholeShopConfig } from './config.ts';
import { type Opening, openSubgraphs } from './open-subgraphs.ts';
import { ownRouter } from './own-router.ts';
import { seedIfEmpty } from './seed-if-empty.ts';
import { subgraphNames } from './subgraph-names.ts';
import { untilReady } from './until-ready.ts';
import { printWelcome } from './welcome.ts';

/**
 * Starts the whole shop in this process: the router on PORT and the subgraphs, in the order of supergraph.yaml, on
 * the ports after it. Resolves when it answers. Ends the process on a signal, or when it cannot start. Another cache
 * than the configured one is for measurements.
 */
export async function startWholeShop(
  environment: Environment,
  adapters: Pick<Opening, 'openCache'> = {},
): Promise<void> {
  const config = readWholeShopConfig(environment);
  const log = createLog('shop', config.LOG_LEVEL);
  await runUntilSignal(log, (opened, onFatal) => open(config, log, opened, { ...adapters, onFatal }));
}

// Requests that are running may still need the subgraphs; but one may be waiting for a decision (waitMs), and
// that wait ends only when Orders closes.
const routerHeadStartMs = 1_000;

async function open(
  config: WholeShopConfig,
  log: Logger,
  opened: Closable[],
  opening: Pick<Opening, 'openCache' | 'onFatal'>,
): Promise<void> {
  const apiSecret = config.API_SECRET ?? keepApiSecret(config.DATA_DIR);
  const isEmbedded = config.MONGODB_URI === undefined;
  const keysSecrets = isEmbedded
    ? (config.KEYS_SECRET ?? [keepKeysSecret(config.DATA_DIR)])
    : keysSecretsOf({ ...config, API_SECRET: apiSecret }, log);
  const { assertRouter, verifyRouter } = ownRouter(config, log);
  const subgraphs = await openSubgraphs(subgraphNames, config, opened, {
    ...opening,
    apiSecret,
    keysSecrets,
    verifyRouter,
    log,
  });
  const routerLog = log.child({ part: 'router' });
  const publicAccess = await openPublicAccess(config, routerLog);
  opened.push(publicAccess);
  const router = await createRouter({
    ...supergraphOf(config),
    apiSecret,
    assertRouter,
    trustedProxies: config.TRUSTED_PROXIES,
    publicUrl: config.PUBLIC_URL,
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
  // There, whatever documents clients may send.
  if (isEmbedded) await seedIfEmpty({ url: `${router.url}/internal/graphql`, apiSecret });
  printWelcome({ url: router.url, ...(config.API_SECRET === undefined && { apiSecret }) });
}
