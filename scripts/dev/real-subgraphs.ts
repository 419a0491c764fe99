/** The real subgraphs of `npm run dev`, in a process that can be started again: their names are its arguments. */
import { createLog } from '@shop/shared/process/log';
import { closeOnSignal } from '@shop/shared/process/shutdown';
import { keepKeysSecret } from '../start/api-secret.ts';
import { readWholeShopConfig } from '../start/config.ts';
import { type Closable, openSubgraphs } from '../start/open-subgraphs.ts';
import { ownRouter } from '../start/own-router.ts';

const config = readWholeShopConfig(process.env);
const { USERS_URL: usersUrl } = process.env;
const log = createLog('dev', config.LOG_LEVEL);
const opened: Closable[] = [];
const { fail } = closeOnSignal(async () => {
  for (const step of opened.toReversed()) await step.close();
}, log);
try {
  await openSubgraphs(process.argv.slice(2), config, opened, {
    apiSecret: config.API_SECRET ?? '',
    keysSecrets: config.KEYS_SECRET ?? [keepKeysSecret(config.DATA_DIR)],
    verifyRouter: ownRouter(config, log).verifyRouter,
    log,
    onFatal: fail,
    ...(usersUrl !== undefined && { usersUrl }),
  });
} catch (error) {
  fail(error instanceof Error ? error : new Error(String(error)));
}
