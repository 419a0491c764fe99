/** `npm run dev -- --only orders`: those subgraphs real, the others mocked, and changes taken up as they are made. */
import { dirname, join } from 'node:path';
import { createLog } from '@shop/shared/process/log';
import { runUntilSignal } from '@shop/shared/process/run-until-signal';
import { readDevOptions } from './dev/options.ts';
import { startDev } from './dev/start-dev.ts';
import { printDevWelcome } from './dev/welcome.ts';
import { keepApiSecret } from './start/api-secret.ts';
import { readWholeShopConfig } from './start/config.ts';
import { newRouterSecret } from './start/own-router.ts';
import { subgraphNames } from './start/subgraph-names.ts';

const options = readDevOptions(process.argv.slice(2), subgraphNames);
if (options.kind === 'refused') {
  console.error(options.why);
  process.exit(2);
}
const environment = { LOG_LEVEL: 'warn', ...process.env };
const given = readWholeShopConfig(environment);
if (given.PORT === 0) {
  console.error('PORT must be a port: what is started again is found where it was.');
  process.exit(1);
}
// Orders of users and products that never were are nothing for the shop that `npm start` keeps.
const config = { ...given, DATA_DIR: join(given.DATA_DIR, 'dev') };
const apiSecret = config.API_SECRET ?? keepApiSecret(config.DATA_DIR);
const routerSecret = newRouterSecret();
const log = createLog('dev', config.LOG_LEVEL);
const { real, mocked } = options;
const root = dirname(import.meta.dirname);
await runUntilSignal(log, async (opened) => {
  const graph = await startDev(
    { root, real, mocked, config, apiSecret, routerSecret, environment, log, print: console.log },
    opened,
  );
  printDevWelcome({
    ...graph,
    real,
    mocked,
    apiSecret: given.API_SECRET === undefined ? apiSecret : undefined,
  });
});
