import { readFile } from 'node:fs/promises';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { closeOnSignal } from '@shop/shared/process/shutdown';
import { routerSettings, subgraphUrlsOf } from './config.ts';
import { createRouter } from './router.ts';

const settings = readConfigOrExit(routerSettings, process.env);
const log = createLog('router', settings.LOG_LEVEL);
const router = await createRouter({
  supergraphSdl: await readFile(new URL('../../contracts/supergraph.graphql', import.meta.url), 'utf8'),
  subgraphUrls: subgraphUrlsOf(settings),
  host: settings.HOST,
  port: settings.PORT,
  log,
});
closeOnSignal(router.close, log);
log.info({ url: `${router.url}/graphql` }, 'the router listens');
