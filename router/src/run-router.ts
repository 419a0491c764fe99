import { routerAssertionOf } from '@shop/shared/identity/router-trust';
import { type Environment, readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { routerSettings, subgraphUrlsOf } from './config.ts';
import { openPublicAccess } from './public-access.ts';
import { createRouter, type RouterDependencies } from './router.ts';
import { supergraphOf } from './supergraph-of.ts';

/**
 * The router as a process of its own: config → server → shutdown. `operationsOf` tells other operations to hold a
 * supergraph to than those of contracts/, by where the supergraph is.
 */
export async function runRouter(
  environment: Environment,
  operationsOf?: (supergraph: string) => RouterDependencies['operations'],
): Promise<void> {
  const settings = readConfigOrExit(routerSettings, environment);
  const log = createLog('router', settings.LOG_LEVEL);
  await runPart('router', log, async ({ opened }) => {
    const { access } = opened(await openPublicAccess(settings, log));
    const operations = operationsOf?.(settings.SUPERGRAPH);
    return createRouter({
      ...supergraphOf(settings),
      ...(operations && { operations }),
      subgraphUrls: subgraphUrlsOf(environment),
      apiSecret: settings.API_SECRET,
      assertRouter: routerAssertionOf(settings),
      trustedProxies: settings.TRUSTED_PROXIES,
      publicUrl: settings.PUBLIC_URL,
      publicAccess: access,
      host: settings.HOST,
      port: settings.PORT,
      log,
    });
  });
}
