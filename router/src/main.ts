import { routerAssertionOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { routerSettings, subgraphUrlsOf } from './config.ts';
import { openPublicAccess } from './public-access.ts';
import { createRouter } from './router.ts';
import { supergraphOf } from './supergraph-of.ts';

/** The router alone, as in production: config → server → shutdown. */
const settings = readConfigOrExit(routerSettings, process.env);
const log = createLog('router', settings.LOG_LEVEL);

await runPart('router', log, async ({ opened }) => {
  const { access } = opened(await openPublicAccess(settings, log));
  return createRouter({
    ...supergraphOf(settings),
    subgraphUrls: subgraphUrlsOf(process.env),
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
