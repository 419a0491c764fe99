/** The real subgraphs of `npm run dev`, in a process that can be started again: their names are its arguments. */
import { createLog } from '@shop/shared/process/log';
import { runUntilSignal } from '@shop/shared/process/run-until-signal';
import { keepKeysSecret } from '../start/api-secret.ts';
import { readWholeShopConfig } from '../start/config.ts';
import { openSubgraphs } from '../start/open-subgraphs.ts';
import { ownRouter } from '../start/own-router.ts';

const config = readWholeShopConfig(process.env);
const { USERS_URL: usersUrl } = process.env;
const log = createLog('dev', config.LOG_LEVEL);
await runUntilSignal(log, async (opened, onFatal) => {
  await openSubgraphs(process.argv.slice(2), config, opened, {
    apiSecret: config.API_SECRET ?? '',
    keysSecrets: config.KEYS_SECRET ?? [keepKeysSecret(config.DATA_DIR)],
    verifyRouter: ownRouter(config, log).verifyRouter,
    log,
    onFatal,
    ...(usersUrl !== undefined && { usersUrl }),
  });
});
