// The router of this tree on a supergraph of before, as scripts/start.ts runs it, but for the operations that it holds a
// supergraph to: those that clients may be sending by then.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { routerSettings, subgraphUrlsOf } from '@shop/router/config';
import { openPublicAccess } from '@shop/router/public-access';
import { createRouter } from '@shop/router/router';
import { supergraphOf } from '@shop/router/supergraph-of';
import { routerAssertionOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { sentToday } from './client-operations.ts';

const root = dirname(dirname(import.meta.dirname));
const settings = readConfigOrExit(routerSettings, process.env);
const log = createLog('router', settings.LOG_LEVEL);

await runPart('router', log, async ({ opened }) => {
  const { access } = opened(await openPublicAccess(settings, log));
  return createRouter({
    ...supergraphOf(settings),
    operations: sentToday(root, readFileSync(settings.SUPERGRAPH, 'utf8')),
    subgraphUrls: subgraphUrlsOf(process.env),
    apiSecret: settings.API_SECRET,
    assertRouter: routerAssertionOf(settings),
    publicAccess: access,
    host: settings.HOST,
    port: settings.PORT,
    log,
  });
});
