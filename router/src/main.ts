import { readFile } from 'node:fs/promises';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { routerSettings, subgraphUrlsOf } from './config.ts';
import { createRouter } from './router.ts';

/** The router alone, as in production: config → server → shutdown. */
const settings = readConfigOrExit(routerSettings, process.env);
const log = createLog('router', settings.LOG_LEVEL);

await runPart('router', log, async () =>
  createRouter({
    supergraphSdl: await readFile(new URL('../../contracts/supergraph.graphql', import.meta.url), 'utf8'),
    subgraphUrls: subgraphUrlsOf(settings),
    host: settings.HOST,
    port: settings.PORT,
    log,
  }),
);
